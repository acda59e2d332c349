import { parseDatetime } from '../record/datetime.ts';
import type { LiteralValue } from './plan.ts';

/** int64, as Kusto's long. */
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** Ticks of 100 ns in each unit of a timespan literal. Source: Kusto documentation, "The timespan data type". */
const UNIT_TICKS: ReadonlyMap<string, bigint> = new Map(
  (
    [
      [['d', 'day', 'days'], 864_000_000_000n],
      [['h', 'hr', 'hrs', 'hour', 'hours'], 36_000_000_000n],
      [['m', 'min', 'minute', 'minutes'], 600_000_000n],
      [['s', 'sec', 'second', 'seconds'], 10_000_000n],
      [['ms', 'milli', 'millis', 'millisecond', 'milliseconds'], 10_000n],
      [['micro', 'micros', 'microsecond', 'microseconds'], 10n],
      [['tick', 'ticks'], 1n],
    ] as const
  ).flatMap(([names, ticks]) => names.map((name) => [name, ticks] as const)),
);

/**
 * Reads a literal's text, without quotes and `type(...)`, or gives undefined where its value is not certain.
 *
 * Microsoft's JavaScript build has values of its own, but not always the right ones: time(1.02:03:04), 0x1F and numbers
 * past int64 come out as 0. Its lexer is right, so we take the text from there.
 */
export function parseLiteral(type: LiteralValue['type'], text: string): LiteralValue | undefined {
  if (type === 'string') return { type, value: text };
  if (text === 'null') return { type, value: null };
  switch (type) {
    case 'bool': {
      const word = text.toLowerCase();
      return word === 'true' || word === 'false' ? { type, value: word === 'true' } : undefined;
    }
    case 'long': {
      const value = parseLong(text);
      return value === undefined ? undefined : { type, value: value.toString() };
    }
    case 'real': {
      if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
      const value = Number(text);
      return Number.isFinite(value) ? { type, value } : undefined;
    }
    case 'datetime': {
      const ticks = parseDatetime(text);
      return ticks === undefined ? undefined : { type, value: ticks.toString() };
    }
    case 'timespan': {
      const ticks = parseTimespan(text);
      return ticks === undefined ? undefined : { type, value: ticks.toString() };
    }
    case 'dynamic':
      return undefined;
  }
}

/** The negative of a literal, so that `-5d` is a literal too; undefined where it has none. */
export function negateLiteral(literal: LiteralValue): LiteralValue | undefined {
  if (literal.value === null) return undefined;
  if (literal.type === 'real') return { type: 'real', value: -literal.value };
  if (literal.type !== 'long' && literal.type !== 'timespan') return undefined;
  return { type: literal.type, value: (-BigInt(literal.value)).toString() };
}

function parseLong(text: string): bigint | undefined {
  if (!/^(-?\d+|0x[\da-f]+)$/i.test(text)) return undefined;
  return inInt64(BigInt(text));
}

/** `1.5h`, `3d`, and .NET's `[-][d.]hh:mm[:ss[.fffffff]]`. */
export function parseTimespan(text: string): bigint | undefined {
  const withUnit = /^(-?)(\d+)(?:\.(\d{1,12}))?([a-z]+)$/.exec(text);
  if (withUnit) {
    const [, sign, whole = '', fraction = '', name = ''] = withUnit;
    const unit = UNIT_TICKS.get(name);
    if (unit === undefined) return undefined;
    const scaled = BigInt(whole + fraction) * unit;
    const divisor = 10n ** BigInt(fraction.length);
    if (scaled % divisor !== 0n) return undefined; // a part of a tick: what Kusto rounds to is not documented
    return inInt64(sign === '-' ? -scaled / divisor : scaled / divisor);
  }
  const clock = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/.exec(text);
  if (!clock) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clock;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const wholeSeconds =
    ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = wholeSeconds * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
  return sign === '-' ? -ticks : ticks;
}

function inInt64(value: bigint): bigint | undefined {
  return value < MIN_LONG || value > MAX_LONG ? undefined : value;
}
