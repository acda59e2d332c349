import { constants, hash, type KeyObject, verify } from 'node:crypto';
import type { DigestAlgorithm } from '../authenticode/signature-report.ts';
import { equalBytes } from '../bytes/equal-bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import { isCryptoError } from '../x509/crypto-error.ts';
import { attributeValues } from './attribute.ts';
import { digestAlgorithmOf } from './digest-algorithm.ts';
import { type SignatureScheme, signatureSchemeOf } from './signature-algorithm.ts';
import { type SignerInfo, signedAttributesToVerify } from './signer-info.ts';

/** Octets of the longest digest, SHA-512: what a message shows of one that a file claims. */
const MAX_DIGEST = 64;

/** `unsupported` says that we cannot tell, the others that the signature is wrong. */
export interface SignerInfoFailure {
  readonly kind: 'message-digest' | 'signature-value' | 'unsupported';
  readonly detail: string;
}

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
  if (digest === undefined) return [unsupported(`digest algorithm ${digestOid}`)];

  const failures: SignerInfoFailure[] = [];
  const { signedAttributes } = signerInfo;
  if (signedAttributes) {
    const wrong = checkMessageDigest(signedAttributes.attributes, digest, content);
    if (wrong !== undefined) failures.push({ kind: 'message-digest', detail: wrong });
  }
  const signed = signedAttributes ? signedAttributesToVerify(signedAttributes) : content;
  const failure = checkSignatureValue(signerInfo, digest, signed, key);
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

function checkSignatureValue(
  signerInfo: SignerInfo,
  digest: DigestAlgorithm,
  signed: Uint8Array,
  key: KeyObject | undefined,
): SignerInfoFailure | undefined {
  if (key === undefined) return unsupported("the signer's public key cannot be loaded");
  try {
    const { algorithm } = signerInfo.signatureAlgorithm;
    const scheme = signatureSchemeOf(signerInfo.signatureAlgorithm);
    if (scheme === undefined) return unsupported(`signature algorithm ${algorithm}`);
    if (!fits(scheme, key))
      return unsupported(
        `signature algorithm ${algorithm} with a key of type ${key.asymmetricKeyType}`,
      );
    const hashName = scheme.kind === 'rsa-pss' ? scheme.digest : digest;
    if (verify(hashName, signed, { key, ...paddingOf(scheme) }, signerInfo.signature))
      return undefined;
    const detail = `the signature value does not verify (${scheme.kind}, ${hashName})`;
    return { kind: 'signature-value', detail };
  } catch (error) {
    if (error instanceof ParseError) return unsupported(`signature parameters: ${error.message}`);
    if (isCryptoError(error)) return unsupported(`OpenSSL: ${error.message}`);
    throw error;
  }
}

function fits(scheme: SignatureScheme, key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return type === 'rsa';
    case 'rsa-pss':
      return type === 'rsa' || type === 'rsa-pss';
    case 'ecdsa':
      return type === 'ec';
    case 'dsa':
      return type === 'dsa';
  }
}

function paddingOf(scheme: SignatureScheme): { padding?: number; saltLength?: number } {
  if (scheme.kind === 'rsa-pkcs1') return { padding: constants.RSA_PKCS1_PADDING };
  if (scheme.kind === 'rsa-pss')
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  return {};
}

function unsupported(detail: string): SignerInfoFailure {
  return { kind: 'unsupported', detail };
}
