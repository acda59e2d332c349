import { formatDatetime, parseDatetime } from '../../record/datetime.ts';
import { dynamicText, parseDynamic } from '../dynamic-json.ts';
import { parseTimespan } from '../literals.ts';
import type { CellValue, ScalarType } from '../plan.ts';
import { formatTimespan } from '../timespan.ts';
import { functions, text } from './scalar-function.ts';

/**
 * Conversions. What a value cannot become is null, not an error. A dynamic value is converted by what it holds.
 * Source: Kusto documentation, "tostring()", "tolong()", and so on.
 */
export const convertFunctions = functions({
  tostring: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => toText(value, types[0]),
  },
  tolong: { params: ['any'], run: ([value], { types }) => toLong(value, types[0]) },
  toint: {
    params: ['any'],
    run: ([value], { types }) => {
      const whole = toLong(value, types[0]);
      return whole !== null && BigInt.asIntN(32, whole) === whole ? whole : null;
    },
  },
  todouble: { params: ['any'], run: ([value], { types }) => toReal(value, types[0]) },
  tobool: { params: ['any'], run: ([value]) => toBool(value) },
  todatetime: { params: ['any'], run: ([value], { types }) => toDatetime(value, types[0]) },
  totimespan: { params: ['any'], run: ([value], { types }) => toTimespan(value, types[0]) },
  parse_json: {
    params: ['any'],
    run: ([value], { types }) =>
      types[0] === 'string' ? readJson(text(value)) : toDynamic(value, types[0]),
  },
  gettype: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => typeName(value, types[0]),
  },
});

/** A value as tostring() writes it: null is ''. datetimes have all seven digits. */
export function toText(value: CellValue | undefined, type: ScalarType | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'datetime' && typeof value === 'bigint') return roundTripDatetime(value);
  if (type === 'timespan' && typeof value === 'bigint') return formatTimespan(value);
  if (type === 'real') return realText(Number(value));
  return typeof value === 'object' ? dynamicText(value) : String(value);
}

/** `2026-07-01T00:00:00.0000000Z`. Source: .NET, "Standard date and time format strings", the round-trip format. */
function roundTripDatetime(ticks: bigint): string {
  const fraction = (ticks % 10_000_000n).toString().padStart(7, '0');
  return `${formatDatetime(ticks).slice(0, 19)}.${fraction}Z`;
}

/** A real always shows that it is one: `1.0`. */
function realText(value: number): string {
  const written = String(value);
  return /^-?\d+$/.test(written) ? `${written}.0` : written;
}

/** A value as a part of a dynamic one: a datetime or timespan is its text there. */
export function toDynamic(value: CellValue | undefined, type: ScalarType | undefined): CellValue {
  if (value === null || value === undefined) return null;
  if (type === 'datetime' && typeof value === 'bigint') return roundTripDatetime(value);
  if (type === 'timespan' && typeof value === 'bigint') return formatTimespan(value);
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Text that is no JSON is a dynamic value that holds the text. Source: Kusto documentation, "parse_json()". */
function readJson(json: string): CellValue {
  if (json === '') return null;
  const value = parseDynamic(json);
  return value === undefined ? json : (value as CellValue);
}

const MAX_LONG = 2 ** 63;

function toLong(value: CellValue | undefined, type: ScalarType | undefined): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint') return type === 'datetime' ? null : value;
  if (typeof value === 'number') {
    const whole = Math.trunc(value);
    return whole >= -MAX_LONG && whole < MAX_LONG ? BigInt(whole) : null;
  }
  if (typeof value !== 'string' || !/^[+-]?\d{1,30}$/.test(value.trim())) return null;
  const whole = BigInt(value.trim().replace('+', ''));
  return BigInt.asIntN(64, whole) === whole ? whole : null;
}

function toReal(value: CellValue | undefined, type: ScalarType | undefined): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return type === 'datetime' ? null : Number(value);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : null;
}

function toBool(value: CellValue | undefined): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0;
  const word = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : null;
}

function toDatetime(value: CellValue | undefined, type: ScalarType | undefined): bigint | null {
  if (typeof value === 'bigint') return type === 'datetime' ? value : null;
  return typeof value === 'string' ? (parseDatetime(value.trim()) ?? null) : null;
}

function toTimespan(value: CellValue | undefined, type: ScalarType | undefined): bigint | null {
  if (typeof value === 'bigint') return type === 'timespan' ? value : null;
  return typeof value === 'string' ? (parseTimespan(value.trim()) ?? null) : null;
}

/** Source: Kusto documentation, "gettype()". */
function typeName(value: CellValue | undefined, type: ScalarType | undefined): string {
  if (type !== 'dynamic') return type ?? 'null';
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'dictionary';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'double';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
