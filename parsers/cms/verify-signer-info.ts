import { hash, type KeyObject } from 'node:crypto';
import type { DigestAlgorithm } from '../authenticode/signature-report.ts';
import { equalBytes } from '../bytes/equal-bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import { attributeValues } from './attribute.ts';
import { digestAlgorithmOf } from './digest-algorithm.ts';
import { type SignerInfo, signedAttributesToVerify } from './signer-info.ts';
import { type SignatureValueFailure, verifySignatureValue } from './verify-signature-value.ts';

/** Octets of the longest digest, SHA-512: what a message shows of one that a file claims. */
const MAX_DIGEST = 64;

/** `unsupported` says that we cannot tell, the others that the signature is wrong. */
export type SignerInfoFailure =
  | SignatureValueFailure
  | { readonly kind: 'message-digest'; readonly detail: string };

/**
 * Checks one signature's mathematics: the messageDigest attribute covers `content`, and the signature value covers the
 * signed attributes (without any, the content itself). Every failure is given; none means that `key` signed `content`.
 *
 * `content` is what eContent holds, without its tag and length. For a PKCS#9 countersignature it is the countersigned
 * signature value. Source: RFC 5652 §5.4, §5.6, §11.4.
 */
export function verifySignerInfo(
  signerInfo: SignerInfo,
  content: Uint8Array,
  key: KeyObject | undefined,
): SignerInfoFailure[] {
  const digestOid = signerInfo.digestAlgorithm.algorithm;
  const digest = digestAlgorithmOf(digestOid);
  if (digest === undefined)
    return [{ kind: 'unsupported', detail: `digest algorithm ${digestOid}` }];

  const failures: SignerInfoFailure[] = [];
  const { signedAttributes, signatureAlgorithm, signature } = signerInfo;
  if (signedAttributes) {
    const wrong = checkMessageDigest(signedAttributes.attributes, digest, content);
    if (wrong !== undefined) failures.push({ kind: 'message-digest', detail: wrong });
  }
  const signed = signedAttributes ? signedAttributesToVerify(signedAttributes) : content;
  const failure = verifySignatureValue(signatureAlgorithm, digest, signed, signature, key);
  return failure ? [...failures, failure] : failures;
}

function checkMessageDigest(
  attributes: Parameters<typeof attributeValues>[0],
  digest: DigestAlgorithm,
  content: Uint8Array,
): string | undefined {
  const [value, second] = attributeValues(attributes, OID.messageDigest);
  if (value === undefined) return 'there are signed attributes, but no messageDigest among them';
  if (second !== undefined) return 'there is more than one messageDigest attribute';
  if (value.tag !== TAG.octetString) return 'the messageDigest attribute is no OCTET STRING';
  const computed = hash(digest, content, 'buffer');
  if (equalBytes(computed, value.content)) return undefined;
  const claimed = toHex(value.content.subarray(0, MAX_DIGEST));
  return `the messageDigest attribute is ${claimed}, the content's ${digest} ${toHex(computed)}`;
}
