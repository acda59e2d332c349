import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { parseSweepRow } from '../../parsers/record/parse-record.ts';
import { MAX_SWEEP_BYTES } from '../ingest/parse-line.ts';
import { UsageError } from '../usage-error.ts';

export interface SweepFile {
  readonly row: SweepRow;
  /** SHA-256 of the file's text, lower-case hex. */
  readonly digest: string;
}

/**
 * Reads `FILE.sweep.json` beside a records file and checks that it describes exactly these records: its RecordsDigest is
 * the SHA-256 of the file. undefined where there is none; then nobody knows whether the records are complete.
 */
export async function readSweepFile(recordsFile: string): Promise<SweepFile | undefined> {
  const file = `${recordsFile}.sweep.json`;
  let text: string;
  try {
    if ((await stat(file)).size > MAX_SWEEP_BYTES)
      throw new UsageError(`${file} has more than ${MAX_SWEEP_BYTES} bytes: it is no sweep file`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = parseSweepRow(text, 1);
  if (parsed.kind === 'bad')
    throw new UsageError(`${file} is no sweep file: ${parsed.problems[0]?.message}`);
  const actual = await sha256OfFile(recordsFile);
  if (parsed.row.RecordsDigest !== actual)
    throw new UsageError(
      `${file} does not belong to ${recordsFile}: RecordsDigest is ${parsed.row.RecordsDigest}, ` +
        `the file's SHA-256 is ${actual}. It was cut off or changed after the scan. Nothing was stored; ` +
        'remove the sweep file to import the records with their completeness unknown',
    );
  return { row: parsed.row, digest: createHash('sha256').update(text).digest('hex') };
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
