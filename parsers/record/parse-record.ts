import {
  type ColumnSpec,
  type ColumnType,
  type FileCertificateRecord,
  recordColumns,
  type SweepRow,
  sweepColumns,
} from './columns.ts';
import { parseDatetime } from './datetime.ts';
import type { RowProblem, RowProblemCode } from './row-problem.ts';

/** Problems listed for one row: enough to repair the sender, bounded for a row of ten thousand wrong keys. */
const MAX_PROBLEMS = 10;
/** UTF-16 units of one string. A Windows path has at most 32,767; Signer and the like are far shorter. */
const MAX_STRING = 32_768;
/** Levels of arrays and objects in a dynamic value. Findings and Skipped need two. */
const MAX_DEPTH = 16;

/** A parsed line. `dropped` counts columns that Log Analytics exports add and that we do not keep. */
export type ParsedRow<Row> =
  | { readonly kind: 'row'; readonly row: Row; readonly dropped: number }
  | { readonly kind: 'bad'; readonly problems: readonly RowProblem[] };

/**
 * One NDJSON line as a row of AgentFileCertificateInfo. Columns that are absent are null, so a row with only Microsoft's
 * 18 columns is fine; Timestamp and DeviceId must be there. Driven by columns.ts alone.
 *
 * TimeGenerated stands for Timestamp where that is absent: a Log Analytics export has only this name.
 */
export function parseFileCertificateRecord(
  text: string,
  line: number,
): ParsedRow<FileCertificateRecord> {
  return parseRow(RECORD, RECORD_NAMES, text, line) as ParsedRow<FileCertificateRecord>;
}

/** One NDJSON line as a row of AgentSweepInfo; the same rules. */
export function parseSweepRow(text: string, line: number): ParsedRow<SweepRow> {
  return parseRow(SWEEP, SWEEP_NAMES, text, line) as ParsedRow<SweepRow>;
}

const REQUIRED = ['Timestamp', 'DeviceId'];
/** What Log Analytics adds to every row. Source: Azure Monitor, "Standard columns in Azure Monitor Logs". */
const DROPPED = new Set(['TenantId', 'Type', 'SourceSystem']);
const TIMESTAMP_ALIAS = 'TimeGenerated';

type Columns = readonly (readonly [name: string, type: ColumnType])[];
/** Taken from the specification once: a batch has thousands of rows. */
const RECORD = columnsOf(recordColumns);
const RECORD_NAMES = namesOf(RECORD);
const SWEEP = columnsOf(sweepColumns);
const SWEEP_NAMES = namesOf(SWEEP);

function columnsOf(specification: Readonly<Record<string, ColumnSpec>>): Columns {
  return Object.entries(specification).map(([name, { type }]) => [name, type]);
}

function namesOf(columns: Columns): ReadonlySet<string> {
  return new Set(columns.map(([name]) => name));
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseRow(
  columns: Columns,
  names: ReadonlySet<string>,
  text: string,
  line: number,
): ParsedRow<JsonObject> {
  const problems: RowProblem[] = [];
  const report = (code: RowProblemCode, column: string | null, message: string) => {
    if (problems.length < MAX_PROBLEMS)
      problems.push({ code, line, column: column && shorten(column), message });
  };
  const given = parseObject(text, report);
  if (!given) return { kind: 'bad', problems };

  const dropped = checkNames(names, given, report);
  const row: Record<string, unknown> = {};
  for (const [name, type] of columns) {
    row[name] = readColumn(given, name, type, report);
  }
  return problems.length > 0 ? { kind: 'bad', problems } : { kind: 'row', row, dropped };
}

type Report = (code: RowProblemCode, column: string | null, message: string) => void;

function parseObject(text: string, report: Report): JsonObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    report('not-json', null, `expected one JSON object on this line: ${shorten(error.message)}`);
    return undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject;
  report('not-an-object', null, `expected a JSON object, found ${describe(value)}`);
  return undefined;
}

/** Reports names that no column has; returns how many are dropped on purpose. */
function checkNames(names: ReadonlySet<string>, given: JsonObject, report: Report): number {
  let dropped = 0;
  for (const name of Object.keys(given)) {
    if (names.has(name) || name === TIMESTAMP_ALIAS) continue;
    if (DROPPED.has(name)) dropped += 1;
    else report('unknown-column', name, `there is no column ${shorten(name)}`);
  }
  return dropped;
}

/** The column's value, null where it is absent or wrong. Own properties only: `constructor` is not a value. */
function readColumn(given: JsonObject, name: string, type: ColumnType, report: Report): unknown {
  const source = name === 'Timestamp' && !Object.hasOwn(given, name) ? TIMESTAMP_ALIAS : name;
  const value = Object.hasOwn(given, source) ? (given[source] ?? null) : null;
  if (value === null) {
    if (REQUIRED.includes(name)) report('missing-column', name, `${name} is required`);
    return null;
  }
  switch (type) {
    case 'string':
      return readString(value, name, report);
    case 'bool':
      return typeof value === 'boolean' ? value : wrongType(name, 'true or false', value, report);
    case 'long':
      return Number.isSafeInteger(value)
        ? value
        : wrongType(name, 'an integer within ±(2^53 - 1)', value, report);
    case 'datetime':
      return typeof value === 'string' && parseDatetime(value) !== undefined
        ? value
        : wrongType(name, 'an ISO 8601 date and time', value, report);
    case 'dynamic':
      if (depthWithin(value, MAX_DEPTH)) return value;
      report('too-deep', name, `${name} is nested more than ${MAX_DEPTH} levels deep`);
      return null;
  }
}

function readString(value: unknown, name: string, report: Report): string | null {
  if (typeof value !== 'string') return wrongType(name, 'a string', value, report);
  if (value.length > MAX_STRING) {
    report('too-long', name, `${name} has ${value.length} characters, at most ${MAX_STRING} fit`);
    return null;
  }
  if (name === 'DeviceId' && value === '') {
    report('missing-column', name, 'DeviceId must not be empty');
    return null;
  }
  return value.toWellFormed(); // a lone surrogate has no UTF-8 form, so no store could keep it
}

function wrongType(name: string, expected: string, value: unknown, report: Report): null {
  report('wrong-type', name, `${name}: expected ${expected}, found ${describe(value)}`);
  return null;
}

/** Recursion ends at `levels`, however deep the value is. */
function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => depthWithin(inner, levels - 1));
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return shorten(`${typeof value} ${JSON.stringify(value)}`);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
