import type { SweepRow } from '../../parsers/record/columns.ts';
import { TextFile } from './text-file.ts';

/** Puts `records` in its place, FILE, and beside it FILE.sweep.json, whose RecordsDigest is the SHA-256 of FILE. */
export function writeSweepFile(records: TextFile, sweep: SweepRow): void {
  const RecordsDigest = records.commit();
  const file = new TextFile(`${records.path}.sweep.json`);
  file.write(`${JSON.stringify({ ...sweep, RecordsDigest })}\n`);
  file.commit();
}
