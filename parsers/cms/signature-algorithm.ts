import type { DigestAlgorithm } from '../authenticode/signature-report.ts';
import { readDer } from '../der/der-reader.ts';
import { readSmallInteger } from '../der/integer.ts';
import { OID } from '../der/oids.ts';
import { contextTag, TAG } from '../der/tags.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { digestAlgorithmOf } from './digest-algorithm.ts';

/** How a signature value is checked with a public key. Only PSS brings its own digest. */
export type SignatureScheme =
  | { readonly kind: 'rsa-pkcs1' | 'ecdsa' | 'dsa' }
  | { readonly kind: 'rsa-pss'; readonly digest: DigestAlgorithm; readonly saltLength: number };

/**
 * The scheme an AlgorithmIdentifier names; undefined where we do not know it or its parameters.
 *
 * Authenticode signers mostly name the bare key type (rsaEncryption, id-ecPublicKey). The digest stands beside it in the
 * SignerInfo, and that one counts even where the algorithm names a digest as well. Source: RFC 5652 §5.3, §5.4.
 */
export function signatureSchemeOf(identifier: AlgorithmIdentifier): SignatureScheme | undefined {
  if (identifier.algorithm === OID.rsaPss) return pssScheme(identifier);
  const kind = kinds.get(identifier.algorithm);
  return kind && { kind };
}

/** Longer salts than a key of 16,384 bits has room for are no salts. */
const MAX_SALT = 2048;

/**
 * RSASSA-PSS-params, every field of which has a default. node:crypto masks with the digest itself, so another digest in
 * the mask generation function is not supported. Source: RFC 8017 A.2.3.
 */
function pssScheme({ parameters }: AlgorithmIdentifier): SignatureScheme | undefined {
  let digestOid: string = OID.sha1;
  let maskDigestOid: string = OID.sha1;
  let saltLength = 20;
  if (parameters?.tag === TAG.sequence) {
    const fields = parameters.children;
    const hashAlgorithm = fields.optional(contextTag(0));
    if (hashAlgorithm)
      digestOid = readAlgorithmIdentifier(hashAlgorithm.children, 'hashAlgorithm').algorithm;
    const maskGenAlgorithm = fields.optional(contextTag(1));
    if (maskGenAlgorithm) {
      const mask = readAlgorithmIdentifier(maskGenAlgorithm.children, 'maskGenAlgorithm');
      if (mask.algorithm !== OID.mgf1 || mask.parameters === undefined) return undefined;
      const { encoded, offset } = mask.parameters;
      maskDigestOid = readAlgorithmIdentifier(readDer(encoded, offset), 'MGF1 hash').algorithm;
    }
    const salt = fields.optional(contextTag(2));
    if (salt) saltLength = readSmallInteger(salt.children, 'saltLength', MAX_SALT);
  }
  const digest = digestAlgorithmOf(digestOid);
  if (digest === undefined || digestAlgorithmOf(maskDigestOid) !== digest) return undefined;
  return { kind: 'rsa-pss', digest, saltLength };
}

const kinds = new Map<string, 'rsa-pkcs1' | 'ecdsa' | 'dsa'>([
  [OID.rsaEncryption, 'rsa-pkcs1'],
  [OID.md5WithRsa, 'rsa-pkcs1'],
  [OID.sha1WithRsa, 'rsa-pkcs1'],
  [OID.oiwSha1WithRsa, 'rsa-pkcs1'],
  [OID.sha256WithRsa, 'rsa-pkcs1'],
  [OID.sha384WithRsa, 'rsa-pkcs1'],
  [OID.sha512WithRsa, 'rsa-pkcs1'],
  [OID.ecPublicKey, 'ecdsa'],
  [OID.ecdsaWithSha1, 'ecdsa'],
  [OID.ecdsaWithSha256, 'ecdsa'],
  [OID.ecdsaWithSha384, 'ecdsa'],
  [OID.ecdsaWithSha512, 'ecdsa'],
  [OID.dsa, 'dsa'],
  [OID.dsaWithSha1, 'dsa'],
  [OID.dsaWithSha256, 'dsa'],
]);
