import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { BatchError } from './batch-error.ts';

export type BodyEncoding = 'identity' | 'gzip' | 'zstd';

/** 2^24 = 16 MB: what a frame may make the decoder allocate before it has sent a byte. Level 19 uses half of it. */
const ZSTD_WINDOW_LOG_MAX = 24;
/** Bytes inflated in one go. */
const CHUNK = 512 * 1024;

/**
 * The bytes that were compressed, at most `limit`: decompression stops there, so a bomb costs no more memory than an honest
 * body. Throws BatchError.
 */
export function inflate(sent: Uint8Array, encoding: BodyEncoding, limit: number): Uint8Array {
  if (encoding === 'identity') {
    if (sent.length > limit) throw tooLarge(`the body has more than ${limit} bytes`);
    return sent;
  }
  const options = { maxOutputLength: limit, chunkSize: CHUNK };
  try {
    if (encoding === 'gzip') return gunzipSync(sent, options);
    const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX };
    return zstdDecompressSync(sent, { ...options, params });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(`the body inflates to more than ${limit} bytes`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new BatchError('bad-encoding', `the body is not ${encoding}: ${reason}`);
  }
}

function tooLarge(message: string): BatchError {
  return new BatchError('body-too-large', message);
}
