import { BatchError } from '../ingest/batch-error.ts';
import type { BodyEncoding } from '../ingest/inflate.ts';
import { HttpError } from './http-error.ts';

export interface BodyLimits {
  /** Bytes on the wire. */
  readonly sent: number;
  /** Bytes after decompression. */
  readonly inflated: number;
}

/** A body as it came, in memory of its own, so that it can be handed to another thread. At most `limit` bytes. */
export async function readBody(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit)
      throw new BatchError('body-too-large', `the body has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** Content-Encoding: zstd, gzip or none. Throws HttpError 415. */
export function bodyEncoding(header: string | undefined): BodyEncoding {
  const encoding = header?.trim().toLowerCase() ?? '';
  switch (encoding) {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'zstd':
      return encoding;
    default:
      throw new HttpError(415, {
        code: 'unsupported-encoding',
        message: 'Content-Encoding must be zstd, gzip or absent',
      });
  }
}
