import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import { isBlank, MAX_LINE_BYTES, parseLine, withoutBom } from '../ingest/parse-line.ts';
import type { Store } from '../store/store.ts';
import { UsageError } from '../usage-error.ts';
import { type Line, readLines } from './read-lines.ts';
import { readSweepFile } from './sweep-file.ts';

export interface ImportSummary {
  /** Rows that were refused; each is listed, up to a limit. */
  readonly refused: number;
  /** One line for the terminal. */
  readonly text: string;
}

/** Rows of one transaction, and the bytes after which a batch ends earlier. */
const BATCH_ROWS = 5_000;
const BATCH_BYTES = 32 * 1024 * 1024;
/** Problems listed per file; the rest are counted. */
const MAX_LISTED = 20;

/**
 * Imports one NDJSON file of records, and its sweep file where there is one. A bad row costs itself. Batches are named by
 * their content, so importing a file again, or after an interruption, stores nothing twice.
 */
export async function importFile(
  file: string,
  store: Store,
  clock: () => number,
  listProblem: (line: string) => void,
): Promise<ImportSummary> {
  await checkReadable(file);
  const sweep = await readSweepFile(file);
  const counts = await importRecords(file, store, clock, listProblem);
  // Last, so that no sweep is called complete before its records are on disk.
  if (sweep) {
    const { row, digest } = sweep;
    const receivedAt = ticksFromUnixMs(clock());
    await store.append({ id: digest, table: 'AgentSweepInfo', rows: [row], receivedAt });
  }
  return { refused: counts.refused, text: summaryText(file, counts, sweep?.row.Complete) };
}

interface ImportCounts {
  rows: number;
  stored: number;
  refused: number;
  /** Columns that exports add and that are not kept. */
  dropped: number;
}

async function importRecords(
  file: string,
  store: Store,
  clock: () => number,
  listProblem: (line: string) => void,
): Promise<ImportCounts> {
  const counts: ImportCounts = { rows: 0, stored: 0, refused: 0, dropped: 0 };
  const table = 'AgentFileCertificateInfo';
  let rows: FileCertificateRecord[] = [];
  let bytes = 0;
  let hash = createHash('sha256');
  const flush = async () => {
    if (rows.length === 0) return;
    const receivedAt = ticksFromUnixMs(clock());
    const result = await store.append({ id: hash.digest('hex'), table, rows, receivedAt });
    counts.rows += result.rows;
    counts.stored += result.stored;
    rows = [];
    bytes = 0;
    hash = createHash('sha256');
  };
  let number = 0;
  for await (const line of readLines(createReadStream(file), MAX_LINE_BYTES)) {
    number += 1;
    const row = parseRecord(line, number, counts, (message) => {
      if (counts.refused <= MAX_LISTED)
        listProblem(`${printable(file)}:${number}: ${printable(message)}`);
    });
    if (!row || line.kind !== 'line') continue;
    rows.push(row);
    bytes += line.bytes.length;
    hash.update(line.bytes).update('\n');
    if (rows.length === BATCH_ROWS || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  return counts;
}

function parseRecord(
  line: Line,
  number: number,
  counts: ImportCounts,
  refuse: (message: string) => void,
): FileCertificateRecord | undefined {
  if (line.kind === 'too-long') {
    counts.refused += 1;
    refuse(`the line has more than ${MAX_LINE_BYTES} bytes`);
    return undefined;
  }
  const bytes = number === 1 ? withoutBom(line.bytes) : line.bytes;
  if (isBlank(bytes)) return undefined;
  const parsed = parseLine(bytes, number);
  if (parsed.kind === 'bad') {
    counts.refused += 1;
    refuse(parsed.problems.map(({ message }) => message).join('; '));
    return undefined;
  }
  counts.dropped += parsed.dropped;
  return parsed.row;
}

function summaryText(file: string, counts: ImportCounts, complete: boolean | null | undefined) {
  const known = counts.rows - counts.stored;
  const parts = [
    `${counts.rows} rows`,
    `${counts.stored} stored`,
    ...(known > 0 ? [`${known} there already`] : []),
    ...(counts.refused > 0 ? [`${counts.refused} REFUSED`] : []),
    ...(counts.dropped > 0
      ? [`${counts.dropped} values of TenantId, Type and SourceSystem dropped`]
      : []),
  ];
  return `${printable(file)}: ${parts.join(', ')}; ${completeness(complete)}`;
}

/** `complete` is undefined where there is no sweep file. */
function completeness(complete: boolean | null | undefined): string {
  if (complete === undefined)
    return 'completeness is unknown: there is no sweep file (.sweep.json) beside it';
  return complete ? 'its sweep was complete' : 'its sweep was NOT complete';
}

async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
