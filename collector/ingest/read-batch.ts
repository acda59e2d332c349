import { hash } from 'node:crypto';
import type { PackedRows } from '../store/packed-rows.ts';
import { BatchError } from './batch-error.ts';
import { inflate } from './inflate.ts';
import { parseBatch } from './parse-batch.ts';
import type { ReadBatch, SentBatch } from './sent-batch.ts';

/**
 * Inflates, checks and parses a batch, and gives it to `passOn` where nothing is wrong with it: nothing of a batch with one
 * wrong row may reach the writer. `id` is the SHA-256 of the uncompressed body.
 */
export function readBatch(
  { table, body, encoding, batchHeader, deviceId, limits }: SentBatch,
  passOn: (id: string, rows: PackedRows) => void,
): ReadBatch {
  try {
    const text = inflate(body, encoding, limits.inflated);
    const id = hash('sha256', text);
    checkBatchHeader(batchHeader, id);
    const { rows, foreignRow } = parseBatch(table, text, limits.rows, deviceId);
    if (foreignRow !== undefined) return { kind: 'foreign', row: foreignRow };
    passOn(id, rows);
    return { kind: 'passed-on', batch: id };
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    const { code, message, problems } = error;
    return { kind: 'refused', code, message, problems };
  }
}

/** The header is optional: it lets the collector see that the body is the one that the sender wrote. */
function checkBatchHeader(header: string | string[] | undefined, id: string): void {
  if (header === undefined || header === id) return;
  throw new BatchError(
    'batch-mismatch',
    `certsweep-batch is not the SHA-256 of the uncompressed body, which is ${id}`,
  );
}
