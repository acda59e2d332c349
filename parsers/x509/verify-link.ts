import { digestAlgorithmOf } from '../cms/digest-algorithm.ts';
import { verifySignatureValue } from '../cms/verify-signature-value.ts';
import type { Certificate } from './certificate.ts';

/** Issuers remembered for one certificate: it has one, with cross-certificates a few. */
const MAX_ISSUERS = 16;

/** Lives as long as the certificate: the same links recur in file after file, and each costs an RSA operation. */
const verified = new WeakMap<Certificate, Map<string, boolean>>();

/** True where `issuer`'s key made the signature under `certificate`. Names and usages are for others to check. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const answers = verified.get(certificate) ?? new Map<string, boolean>();
  const known = answers.get(issuer.facts.sha256);
  if (known !== undefined) return known;

  const answer = verifyLink(certificate, issuer);
  if (answers.size >= MAX_ISSUERS) answers.clear();
  answers.set(issuer.facts.sha256, answer);
  verified.set(certificate, answers);
  return answer;
}

function verifyLink({ signature, signedBytes }: Certificate, issuer: Certificate): boolean {
  if (signature === undefined) return false;
  const { algorithm, value } = signature;
  const digest = digestAlgorithmOf(algorithm.algorithm);
  return (
    verifySignatureValue(algorithm, digest, signedBytes, value, issuer.publicKey) === undefined
  );
}
