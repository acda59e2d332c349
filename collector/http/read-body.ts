import { promisify } from 'node:util';
import { constants, gunzip, zstdDecompress } from 'node:zlib';
import { BatchError } from '../ingest/batch-error.ts';
import { HttpError } from './http-error.ts';

export interface BodyLimits {
  /** Bytes on the wire. */
  readonly sent: number;
  /** Bytes after decompression. */
  readonly inflated: number;
}

/**
 * Reads a body and inflates it, both within limits: decompression stops at the limit, so a bomb costs no more memory
 * than an honest body. `encoding` is Content-Encoding: zstd, gzip or none.
 */
export async function readBody(
  stream: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  limits: BodyLimits,
): Promise<Uint8Array> {
  const inflate = inflaterOf(encoding);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limits.sent) throw tooLarge(`the body has more than ${limits.sent} bytes`);
    chunks.push(chunk);
  }
  const sent = Buffer.concat(chunks);
  if (!inflate) {
    if (size > limits.inflated) throw tooLarge(`the body has more than ${limits.inflated} bytes`);
    return sent;
  }
  try {
    return await inflate(sent, limits.inflated);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(`the body inflates to more than ${limits.inflated} bytes`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new BatchError('bad-encoding', `the body is not ${encoding}: ${reason}`);
  }
}

/** 2^24 = 16 MB: what a frame may make the decoder allocate before it has sent a byte. Level 19 uses half of it. */
const ZSTD_WINDOW_LOG_MAX = 24;

/** Bytes inflated in one go. Node's 16 KB send a batch through the thread pool hundreds of times. */
const ZSTD_CHUNK = 512 * 1024;

const gunzipAsync = promisify(gunzip);
const zstdAsync = promisify(zstdDecompress);

type Inflater = (sent: Uint8Array, maxOutputLength: number) => Promise<Uint8Array>;

function inflaterOf(encoding: string | undefined): Inflater | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
      return (sent, maxOutputLength) => gunzipAsync(sent, { maxOutputLength });
    case 'zstd':
      return (sent, maxOutputLength) =>
        zstdAsync(sent, {
          maxOutputLength,
          chunkSize: ZSTD_CHUNK,
          params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
        });
    default:
      throw new HttpError(415, {
        code: 'unsupported-encoding',
        message: 'Content-Encoding must be zstd, gzip or absent',
      });
  }
}

function tooLarge(message: string): BatchError {
  return new BatchError('body-too-large', message);
}
