import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import type { RowProblem } from '../../parsers/record/row-problem.ts';
import type { Batch, IngestTable } from '../store/store.ts';
import { BatchError } from './batch-error.ts';
import { isBlank, MAX_LINE_BYTES, MAX_SWEEP_BYTES, parseLine, withoutBom } from './parse-line.ts';

/** Problems listed in one answer. */
const MAX_PROBLEMS = 20;
const NEWLINE = 0x0a;

/**
 * The rows of an NDJSON body, all of them or a BatchError that names line and column: a sender that is told "stored"
 * must be able to forget the batch, so a body with one bad row is refused whole.
 */
export function parseBatch(table: IngestTable, body: Uint8Array, maxRows: number): Batch['rows'] {
  const rows: (FileCertificateRecord | SweepRow)[] = [];
  const problems: RowProblem[] = [];
  const maxLine = table === 'AgentSweepInfo' ? MAX_SWEEP_BYTES : MAX_LINE_BYTES;
  let bad = 0;
  let line = 0;
  for (const bytes of splitLines(body)) {
    line += 1;
    if (bytes.length > maxLine)
      throw new BatchError('line-too-long', `line ${line} has more than ${maxLine} bytes`);
    if (isBlank(bytes)) continue;
    if (rows.length + bad === maxRows)
      throw new BatchError('too-many-rows', `a batch has at most ${maxRows} rows`);
    const parsed = parseLine(table, bytes, line);
    if (parsed.kind === 'row') {
      rows.push(parsed.row);
    } else {
      bad += 1;
      problems.push(...parsed.problems.slice(0, MAX_PROBLEMS - problems.length));
    }
  }
  if (bad > 0) {
    const [first] = problems;
    const place = first ? `line ${first.line}: ${first.message}` : '';
    throw new BatchError('bad-rows', `${bad} bad rows, nothing was stored; ${place}`, problems);
  }
  if (rows.length === 0) throw new BatchError('empty-body', 'the body has no rows');
  return rows as Batch['rows'];
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
