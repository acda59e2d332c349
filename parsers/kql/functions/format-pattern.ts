import { TICKS } from './calendar.ts';
import { datetimePart } from './datetime-part.ts';

/**
 * Elements of a format: runs of one letter, that many at most. Between them delimiters may stand.
 * Source: Kusto documentation, "format_datetime()" and "format_timespan()", whose table has no `h` and whose example has.
 */
const ELEMENTS: Readonly<Record<Kind, RegExp>> = {
  datetime: /^(d{1,2}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|y{1,2}|y{4}|tt)$/,
  timespan: /^(d{1,8}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|s{1,2})$/,
};
const DELIMITER = /^[ /\-:,._[\]]$/;

type Kind = 'datetime' | 'timespan';

/** Why `pattern` is no format of Kusto's; undefined where it is one. */
export function patternProblem(pattern: string, kind: Kind): string | undefined {
  const bad = piecesOf(pattern).find(
    (piece) => !ELEMENTS[kind].test(piece) && !DELIMITER.test(piece),
  );
  return bad === undefined ? undefined : `the format cannot have ${JSON.stringify(bad)}`;
}

/** `ticks` in the form of `pattern`, which has no problem. */
export function formatByPattern(ticks: bigint, pattern: string, kind: Kind): string {
  const size = ticks < 0n ? -ticks : ticks; // a timespan's sign is not shown: .NET's custom formats leave it out
  return piecesOf(pattern)
    .map((piece) => (ELEMENTS[kind].test(piece) ? formatElement(piece, size, kind) : piece))
    .join('');
}

/** Runs of one letter, and single characters of all else. */
function piecesOf(pattern: string): readonly string[] {
  return pattern.match(/([A-Za-z])\1*|[\s\S]/gu) ?? [];
}

function formatElement(element: string, ticks: bigint, kind: Kind): string {
  const digits = element.length;
  const padded = (value: bigint) => value.toString().padStart(digits, '0');
  const part = (name: string) => datetimePart(name, ticks) ?? 0n;
  const hours = (ticks / TICKS.hour) % 24n;
  switch (element[0]) {
    case 'd':
      return padded(kind === 'timespan' ? ticks / TICKS.day : part('day'));
    case 'f':
      return fraction(ticks).slice(0, digits);
    case 'F':
      return fraction(ticks).slice(0, digits).replace(/0+$/, '');
    case 'h':
      return padded(kind === 'timespan' ? hours : hours % 12n === 0n ? 12n : hours % 12n);
    case 'H':
      return padded(hours);
    case 'm':
      return padded((ticks / TICKS.minute) % 60n);
    case 's':
      return padded((ticks / TICKS.second) % 60n);
    case 'M':
      return padded(part('month'));
    case 'y':
      return padded(digits === 4 ? part('year') : part('year') % 100n);
    default:
      return hours < 12n ? 'AM' : 'PM';
  }
}

function fraction(ticks: bigint): string {
  return (ticks % TICKS.second).toString().padStart(7, '0');
}
