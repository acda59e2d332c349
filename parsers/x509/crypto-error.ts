/** True for what node:crypto throws when OpenSSL refuses a key or an algorithm: an answer about the input, not a bug. */
export function isCryptoError(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false;
  return error.code.startsWith('ERR_OSSL_') || error.code.startsWith('ERR_CRYPTO_');
}
