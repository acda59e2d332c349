import { equalBytes } from '../bytes/equal-bytes.ts';
import { attributeValues } from '../cms/attribute.ts';
import { digestAlgorithmOf } from '../cms/digest-algorithm.ts';
import { OID } from '../der/oids.ts';
import type { Chain } from '../x509/build-chain.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import type { Finding } from './signature-report.ts';

/**
 * What a hunter wants to see beside the verdict: a sound signature of another file, a signer that vouches for itself, a
 * digest that can be forged. None of them decides whether the signature is trusted.
 */
export function signerNotes(
  signature: AuthenticodeSignature,
  findings: readonly Finding[],
  chain: Chain | undefined,
): Finding[] {
  return [
    ...believableSigner(signature, findings, chain),
    ...selfSigned(signature),
    ...weakDigest(signature),
  ];
}

/** Either the file was changed, or the signature was lifted from another one, as sigthief does. */
function believableSigner(
  { signer }: AuthenticodeSignature,
  findings: readonly Finding[],
  chain: Chain | undefined,
): Finding[] {
  const errors = findings.filter(({ level }) => level === 'error');
  const onlyDigest = errors.length > 0 && errors.every(({ code }) => code === 'TRUST_E_BAD_DIGEST');
  if (signer === undefined || chain?.end !== 'trusted-root' || !onlyDigest) return [];
  const detail = `the signature of ${signer.facts.name} is sound, but not for this file: changed, or taken from another`;
  return [{ code: 'SIGNATURE_OF_ANOTHER_FILE', level: 'warning', detail }];
}

function selfSigned({ signer }: AuthenticodeSignature): Finding[] {
  if (signer === undefined || !equalBytes(signer.subject, signer.issuer)) return [];
  const detail = `${signer.facts.name} issued its own certificate`;
  return [{ code: 'SELF_SIGNED', level: 'warning', detail }];
}

/**
 * Not said of a signature with another one nested in it: that one is there for the stronger digest. SHA-1 is on every older
 * file, and nobody can make a second file for an existing signature: for information.
 */
function weakDigest({ indirectData, signerInfo }: AuthenticodeSignature): Finding[] {
  if (attributeValues(signerInfo.unsignedAttributes, OID.nestedSignature).length > 0) return [];
  const digests = [
    indirectData?.digestAlgorithm,
    digestAlgorithmOf(signerInfo.digestAlgorithm.algorithm),
  ];
  if (digests.includes('md5'))
    return [{ code: 'WEAK_DIGEST', level: 'warning', detail: 'the signature rests on MD5' }];
  if (digests.includes('sha1'))
    return [{ code: 'WEAK_DIGEST', level: 'info', detail: 'the signature rests on SHA-1' }];
  return [];
}
