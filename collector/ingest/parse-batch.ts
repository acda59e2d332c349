import { recordColumns, sweepColumns } from '../../parsers/record/columns.ts';
import { parseDatetime } from '../../parsers/record/datetime.ts';
import type { RowProblem } from '../../parsers/record/row-problem.ts';
import { type ReadRow, RowReader } from '../../parsers/record/row-reader.ts';
import { type PackedRows, RowPacker } from '../store/packed-rows.ts';
import type { IngestTable } from '../store/store.ts';
import { BatchError } from './batch-error.ts';
import {
  decodeLine,
  isBlank,
  MAX_LINE_BYTES,
  MAX_SWEEP_BYTES,
  notUtf8,
  withoutBom,
} from './parse-line.ts';

/** Problems listed in one answer. */
const MAX_PROBLEMS = 20;
const NEWLINE = 0x0a;

const TABLES = {
  AgentFileCertificateInfo: { columns: recordColumns, maxLine: MAX_LINE_BYTES },
  AgentSweepInfo: { columns: sweepColumns, maxLine: MAX_SWEEP_BYTES },
} as const;

export interface ParsedBatch {
  readonly rows: PackedRows;
  /** The first row, from 1, of another device than `deviceId`. */
  readonly foreignRow: number | undefined;
}

/**
 * The rows of an NDJSON body, all of them or a BatchError that names line and column: a sender that is told "stored"
 * must be able to forget the batch, so a body with one bad row is refused whole. `deviceId`: see SentBatch.
 */
export function parseBatch(
  table: IngestTable,
  body: Uint8Array,
  maxRows: number,
  deviceId: string | null | undefined,
): ParsedBatch {
  const { columns, maxLine } = TABLES[table];
  const reader = new RowReader(columns, parseDatetime);
  const packer = new RowPacker(Object.values(columns).map(({ type }) => type));
  const deviceColumn = Object.keys(columns).indexOf('DeviceId');
  const problems: RowProblem[] = [];
  let foreignRow: number | undefined;
  let bad = 0;
  let line = 0;
  for (const bytes of splitLines(body)) {
    line += 1;
    if (bytes.length > maxLine)
      throw new BatchError('line-too-long', `line ${line} has more than ${maxLine} bytes`);
    if (isBlank(bytes)) continue;
    if (packer.count + bad === maxRows)
      throw new BatchError('too-many-rows', `a batch has at most ${maxRows} rows`);
    const read = readLine(reader, bytes, line);
    if (read.kind === 'bad') {
      bad += 1;
      problems.push(...read.problems.slice(0, MAX_PROBLEMS - problems.length));
    } else if (bad === 0) {
      packer.add(read.values);
      if (deviceId !== undefined && read.values[deviceColumn] !== deviceId)
        foreignRow ??= packer.count;
    }
  }
  if (bad > 0) {
    const [first] = problems;
    const place = first ? `line ${first.line}: ${first.message}` : '';
    throw new BatchError('bad-rows', `${bad} bad rows, nothing was stored; ${place}`, problems);
  }
  if (packer.count === 0) throw new BatchError('empty-body', 'the body has no rows');
  return { rows: packer.finish(), foreignRow };
}

function readLine(reader: RowReader, bytes: Uint8Array, line: number): ReadRow {
  const text = decodeLine(bytes);
  return text === undefined ? { kind: 'bad', problems: [notUtf8(line)] } : reader.read(text, line);
}

function* splitLines(body: Uint8Array): Generator<Uint8Array> {
  const text = withoutBom(body);
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf(NEWLINE, start);
    const end = found === -1 ? text.length : found;
    yield text.subarray(start, end);
    start = end + 1;
  }
}
