import { datetimePart } from './datetime-part.ts';
import { TICKS } from './calendar.ts';

/** Elements of a format, and what may stand between them. Source: Kusto documentation, "format_datetime()". */
const DATETIME_ELEMENT = /d{1,2}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|yyyy|y{1,2}|tt/y;
/** Source: Kusto documentation, "format_timespan()". Its table has no `h`, its example has. */
const TIMESPAN_ELEMENT = /d{1,8}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|s{1,2}/y;
const DELIMITER = /[ /\-:,._[\]]/y;

type Kind = 'datetime' | 'timespan';

/** Why `pattern` is no format of Kusto's; undefined where it is one. */
export function patternProblem(pattern: string, kind: Kind): string | undefined {
  const pieces = piecesOf(pattern, kind);
  const end = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (end === pattern.length) return undefined;
  return `the format cannot have ${JSON.stringify(pattern.slice(end, end + 8))}`;
}

/** `ticks` in the form of `pattern`, which has no problem. */
export function formatByPattern(ticks: bigint, pattern: string, kind: Kind): string {
  const size = ticks < 0n ? -ticks : ticks; // a timespan's sign is not shown: .NET's custom formats leave it out
  return piecesOf(pattern, kind)
    .map((piece) => (/^\w/.test(piece) && piece !== '_' ? formatElement(piece, size, kind) : piece))
    .join('');
}

function piecesOf(pattern: string, kind: Kind): string[] {
  const element = kind === 'datetime' ? DATETIME_ELEMENT : TIMESPAN_ELEMENT;
  const pieces: string[] = [];
  for (let at = 0; at < pattern.length; ) {
    element.lastIndex = at;
    DELIMITER.lastIndex = at;
    const [piece] = element.exec(pattern) ?? DELIMITER.exec(pattern) ?? [];
    if (!piece) break;
    pieces.push(piece);
    at += piece.length;
  }
  return pieces;
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
