import {
  constants,
  hash,
  type KeyObject,
  publicDecrypt,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto';
import type { DigestAlgorithm } from '../authenticode/signature-report.ts';
import { equalBytes } from '../bytes/equal-bytes.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { isCryptoError } from '../x509/crypto-error.ts';
import type { AlgorithmIdentifier } from './algorithm-identifier.ts';
import { type SignatureScheme, signatureSchemeOf } from './signature-algorithm.ts';

/** `unsupported` says that we cannot tell, the other that the signature is wrong. */
export interface SignatureValueFailure {
  readonly kind: 'signature-value' | 'unsupported';
  readonly detail: string;
}

/**
 * Checks that `key` made `signature` over `signed`; undefined where it did. `digest` is what SignerInfo names beside the
 * algorithm, or what the algorithm of a certificate names itself. PSS brings its own.
 */
export function verifySignatureValue(
  identifier: AlgorithmIdentifier,
  digest: DigestAlgorithm | undefined,
  signed: Uint8Array,
  signature: Uint8Array,
  key: KeyObject | undefined,
): SignatureValueFailure | undefined {
  if (key === undefined) return unsupported("the signer's public key cannot be loaded");
  try {
    const { algorithm } = identifier;
    const scheme = signatureSchemeOf(identifier);
    const hashName = scheme?.kind === 'rsa-pss' ? scheme.digest : digest;
    if (scheme === undefined || hashName === undefined)
      return unsupported(`signature algorithm ${algorithm}`);
    if (!fits(scheme, key))
      return unsupported(
        `signature algorithm ${algorithm} with a key of type ${key.asymmetricKeyType}`,
      );
    if (verify(hashName, signed, keyFor(scheme, key), signature)) return undefined;
    if (scheme.kind === 'rsa-pkcs1' && coversBareDigest(key, hashName, signed, signature))
      return undefined;
    const detail = `the signature value does not verify (${scheme.kind}, ${hashName})`;
    return { kind: 'signature-value', detail };
  } catch (error) {
    if (error instanceof ParseError) return unsupported(`signature parameters: ${error.message}`);
    if (isCryptoError(error)) return unsupported(`OpenSSL: ${error.message}`);
    throw error;
  }
}

/**
 * True where the padded block holds the digest alone, without the DigestInfo that should name its algorithm. VeriSign's and
 * Symantec's time stampers signed like that until 2020, as CryptSignHash does with CRYPT_NOHASHOID, and Windows accepts it.
 * Source: RFC 8017 §9.2 is what it departs from.
 */
function coversBareDigest(
  key: KeyObject,
  hashName: DigestAlgorithm,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const block = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return equalBytes(block, hash(hashName, signed, 'buffer'));
  } catch (error) {
    if (isCryptoError(error)) return false;
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

/** The bare key where its default padding is the right one, PKCS#1 v1.5 of an RSA key: Node takes it a third faster. */
function keyFor(scheme: SignatureScheme, key: KeyObject): KeyObject | VerifyKeyObjectInput {
  if (scheme.kind !== 'rsa-pss') return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
}

function unsupported(detail: string): SignatureValueFailure {
  return { kind: 'unsupported', detail };
}
