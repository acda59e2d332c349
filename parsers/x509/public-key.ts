import { createPublicKey, type KeyObject } from 'node:crypto';
import { isCryptoError } from './crypto-error.ts';

/**
 * Bits. Larger keys, longer public exponents and other curves are no use to a signer, since Windows cannot verify with
 * them, and could hold up a scan for seconds. Source: Windows CNG, "CNG Algorithm Identifiers", "CNG Named Elliptic Curves".
 */
const MAX_RSA_BITS = 16_384;
const MAX_PUBLIC_EXPONENT = 2n ** 64n;
const MAX_DSA_BITS = 3072;
/** P-256, P-384 and P-521, as OpenSSL names them, with what one signature costs to verify. */
const curveCosts = new Map([
  ['prime256v1', 1],
  ['secp384r1', 6],
  ['secp521r1', 12],
]);
const DSA_COST = 10;
const RSA_UNIT_BITS = 2048;

export interface PublicKey {
  readonly key: KeyObject;
  /** What one verification takes, in units of RSA-2048 (0.1 ms). */
  readonly cost: number;
}

/** The key in a SubjectPublicKeyInfo; null where OpenSSL cannot load it, or where it is none that we verify with. */
export function loadPublicKey(publicKeyInfo: Uint8Array): PublicKey | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
    const cost = verificationCost(key);
    return cost === undefined ? null : { key, cost };
  } catch (error) {
    if (isCryptoError(error)) return null;
    throw error;
  }
}

/** undefined for a key that we do not verify with. */
function verificationCost(key: KeyObject): number | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails: details } = key;
  const bits = details?.modulusLength ?? 0;
  switch (asymmetricKeyType) {
    case 'ec':
      return curveCosts.get(details?.namedCurve ?? '');
    case 'dsa':
      return bits <= MAX_DSA_BITS ? DSA_COST : undefined;
    case 'rsa':
    case 'rsa-pss': {
      const isUsable =
        bits <= MAX_RSA_BITS && (details?.publicExponent ?? 0n) < MAX_PUBLIC_EXPONENT;
      return isUsable ? Math.max(1, (bits / RSA_UNIT_BITS) ** 2) : undefined;
    }
    default:
      return undefined;
  }
}
