/**
 * True for what node:crypto throws when OpenSSL refuses a key or an algorithm: an answer about the input, not a bug.
 *
 * Most have a code. "Failed to read asymmetric key" is a plain Error without one, found by damaging keys byte by byte.
 */
export function isCryptoError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (!('code' in error) || typeof error.code !== 'string') return error.name === 'Error';
  return error.code.startsWith('ERR_OSSL_') || error.code.startsWith('ERR_CRYPTO_');
}
