import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The tables that an agent fills. */
export type SpoolTable = 'AgentFileCertificateInfo' | 'AgentSweepInfo';

/** Rows of one table and one sweep as they go over the wire. */
export interface SpoolBatch {
  /** Place in the spool: later batches have higher numbers. */
  readonly seq: number;
  /** SHA-256 of the uncompressed body, lower-case hex. The collector names it when it has stored the rows. */
  readonly id: string;
  readonly table: SpoolTable;
  readonly rows: number;
  readonly flagged: boolean;
  /** NDJSON, compressed with zstd. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A body as it is stored and sent. */
export interface EncodedBody {
  readonly id: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Bytes. Many times what a batch may hold: more comes out of a damaged body only. */
const MOST_BYTES = 64 * 1024 * 1024;

export function encodeBody(lines: readonly string[]): EncodedBody {
  const text = Buffer.from(lines.join(''));
  return { id: bodyId(text), body: Uint8Array.from(zstdCompressSync(text)) };
}

/** The lines of `body`, with their line ends; undefined where it is not what `id` says: the disk has damaged it. */
export function decodeBody({ id, body }: EncodedBody): string[] | undefined {
  let text: Buffer;
  try {
    text = zstdDecompressSync(body, { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined; // every error of zlib's says the same: these bytes are not what was written
  }
  return bodyId(text) === id ? (text.toString().match(/[^\n]*\n/g) ?? []) : undefined;
}

function bodyId(text: Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
