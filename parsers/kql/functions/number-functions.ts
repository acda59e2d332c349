import type { CellValue } from '../plan.ts';
import { type CallContext, functions, real, whole } from './scalar-function.ts';

/** Numbers. Source: Kusto documentation, the page of each function. */
export const numberFunctions = functions({
  abs: {
    params: ['any'],
    run: ([value]) =>
      typeof value === 'bigint'
        ? BigInt.asIntN(64, value < 0n ? -value : value)
        : Math.abs(real(value)),
  },
  sign: { params: ['number'], run: ([value]) => Math.sign(real(value)) },
  ceiling: {
    params: ['number'],
    run: ([value]) => (typeof value === 'bigint' ? value : Math.ceil(real(value)) + 0),
  },
  round: { params: ['number', 'long?'], run: round },
  bin: { params: ['any', 'any'], run: bin },
  sqrt: { params: ['number'], run: ([value]) => finite(Math.sqrt(real(value))) },
  pow: { params: ['number', 'number'], run: ([base, power]) => finite(real(base) ** real(power)) },
  exp: { params: ['number'], run: ([value]) => finite(Math.exp(real(value))) },
  log: { params: ['number'], run: ([value]) => finite(Math.log(real(value))) },
  log10: { params: ['number'], run: ([value]) => finite(Math.log10(real(value))) },
  log2: { params: ['number'], run: ([value]) => finite(Math.log2(real(value))) },
  isfinite: { params: ['number'], run: ([value]) => Number.isFinite(real(value)) },
  isinf: {
    params: ['number'],
    run: ([value]) => Math.abs(real(value)) === Number.POSITIVE_INFINITY,
  },
  tohex: { params: ['long', 'long?'], run: toHex },
});

/** What is no number is null here: SQLite has no NaN. */
export function finite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * The multiple of the bin size at or below the value; null where the size is not above zero. datetimes count from year 1.
 * Source: Kusto documentation, "bin()".
 */
function bin([value, size]: readonly CellValue[]): CellValue {
  if (typeof value === 'bigint' && typeof size === 'bigint') {
    if (size <= 0n) return null;
    const rest = value % size;
    return BigInt.asIntN(64, value - (rest < 0n ? rest + size : rest));
  }
  const [number, step] = [real(value), real(size)];
  return step > 0 ? finite(Math.floor(number / step) * step) : null;
}

/** Halves go away from zero. A long is rounded too where the precision is negative. */
function round([value, precision]: readonly CellValue[], { resultType }: CallContext): CellValue {
  const digits = Number(whole(precision));
  if (resultType === 'long' && typeof value === 'bigint' && digits >= 0) return value;
  const number = real(value);
  if (Math.abs(digits) > 15 || !Number.isFinite(number)) return number;
  const shifted = timesTenTo(Math.abs(number), digits);
  const rounded = Number.isFinite(shifted)
    ? timesTenTo(Math.round(shifted), -digits)
    : Math.abs(number);
  const signed = number < 0 ? -rounded : rounded;
  return resultType === 'long' ? BigInt(Math.trunc(signed)) : signed;
}

/** By way of the decimal text, since 1.005 * 100 is less than 100.5. */
function timesTenTo(value: number, power: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + power}`);
}

/** Negative numbers are 64-bit two's complement. Source: Kusto documentation, "tohex()". */
function toHex([value, least]: readonly CellValue[]): string {
  const length = Math.min(Math.max(Number(whole(least, 1n)), 1), 16);
  return BigInt.asUintN(64, whole(value)).toString(16).padStart(length, '0');
}
