import { type ColumnType, canonicalColumns } from '../record/columns.ts';
import { parseDatetime } from '../record/datetime.ts';
import { MAX_STRING } from '../record/row-reader.ts';
import type { ReadDate } from './export-dates.ts';
import type { ExportProblem, ExportProblemCode, ExportRow } from './export-row.ts';

/** One column's value of a row: undefined or null where it is absent, a bigint where JSON had an integer past 2^53. */
export type Value = unknown;

/** How values are written in this format. */
export interface Dialect {
  /** JSON says types itself; in CSV everything is text and an empty cell is no value but for strings. */
  readonly kind: 'json' | 'csv';
  readDate(text: string, column: number): ReadDate;
}

/** Columns in the order of ExportRow. */
export const EXPORT_COLUMNS = Object.entries(canonicalColumns).map(([name, { type }]) => ({
  name: name as keyof ExportRow,
  type: type as ColumnType,
}));

/** JSON's times are ISO 8601, and UTC where they do not say so, as Kusto writes them. */
export const jsonDialect: Dialect = {
  kind: 'json',
  readDate: (text) =>
    parseDatetime(text) ?? { code: 'wrong-type', message: 'expected an ISO 8601 date and time' },
};

export type ConvertedRow =
  | { readonly kind: 'row'; readonly row: ExportRow }
  | { readonly kind: 'bad'; readonly problem: ExportProblem };

/** Values in the order of EXPORT_COLUMNS as a row; the first that is wrong makes the row bad. */
export function toExportRow(
  values: readonly Value[],
  dialect: Dialect,
  place: number,
): ConvertedRow {
  const row: Record<string, Value> = {};
  for (let index = 0; index < EXPORT_COLUMNS.length; index += 1) {
    const { name, type } = EXPORT_COLUMNS[index] as (typeof EXPORT_COLUMNS)[number];
    const value = readValue(values[index], type, dialect, index);
    if (value instanceof Wrong) return bad(place, name, value.code, `${name}: ${value.message}`);
    row[name] = value;
  }
  if (row.Timestamp === null)
    return bad(place, 'Timestamp', 'missing-column', 'Timestamp is required');
  if (!row.DeviceId && !row.DeviceName)
    return bad(place, 'DeviceId', 'missing-column', 'DeviceId or DeviceName is required');
  return { kind: 'row', row: row as ExportRow };
}

export function bad(
  place: number,
  column: string | null,
  code: ExportProblemCode,
  message: string,
): Extract<ConvertedRow, { kind: 'bad' }> {
  return { kind: 'bad', problem: { place, column, code, message } };
}

class Wrong {
  readonly code: ExportProblemCode;
  readonly message: string;

  constructor(code: ExportProblemCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

function readValue(value: Value, type: ColumnType, dialect: Dialect, column: number): Value {
  if (value === undefined || value === null) return null;
  if (type === 'string') return readString(value);
  if (value === '' && dialect.kind === 'csv') return null;
  switch (type) {
    case 'bool':
      return readBool(value, dialect);
    case 'long':
      return readLong(value);
    case 'datetime': {
      if (typeof value !== 'string') return wrongType('an ISO 8601 date and time', value);
      const date = dialect.readDate(value, column);
      return typeof date === 'bigint' ? date : new Wrong(date.code, found(date.message, value));
    }
    default:
      throw new Error(`no column of an export is ${type}`);
  }
}

function readString(value: Value): Value {
  if (typeof value !== 'string') return wrongType('a string', value);
  if (value.length > MAX_STRING)
    return new Wrong('too-long', `${value.length} characters, at most ${MAX_STRING} fit`);
  return value.toWellFormed();
}

/** Defender's API says SByte of its bools: 1 and 0 are what it may send. Spreadsheets write TRUE. */
function readBool(value: Value, { kind }: Dialect): Value {
  if (typeof value === 'boolean') return value;
  if (kind === 'json') {
    if (value === 1) return true;
    if (value === 0) return false;
  } else if (typeof value === 'string') {
    const lower = value.toLowerCase();
    if (lower === 'true' || lower === '1') return true;
    if (lower === 'false' || lower === '0') return false;
  }
  return wrongType('true or false', value);
}

const INTEGER = /^-?\d{1,19}$/;

/** A whole number within 64 bits; as text too, since writers of JSON quote what passes 2^53. */
function readLong(value: Value): Value {
  const integer =
    typeof value === 'bigint'
      ? value
      : Number.isSafeInteger(value) || (typeof value === 'string' && INTEGER.test(value))
        ? BigInt(value as number | string)
        : undefined;
  return integer !== undefined && BigInt.asIntN(64, integer) === integer
    ? integer
    : wrongType('a 64-bit integer', value);
}

function wrongType(expected: string, value: Value): Wrong {
  return new Wrong('wrong-type', found(`expected ${expected}`, value));
}

function found(message: string, value: Value): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const shown = typeof value === 'object' ? 'an array or object' : text;
  return `${message}, found ${shown.length > 80 ? `${shown.slice(0, 79)}…` : shown}`;
}
