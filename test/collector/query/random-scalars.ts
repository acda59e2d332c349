import type { Random } from './random.ts';

/** Columns of a table by type, as random-queries.ts has them. */
export interface ScalarColumns {
  readonly strings: readonly string[];
  readonly longs: readonly string[];
  readonly times: readonly string[];
  readonly bools: readonly string[];
}

type Type = 'string' | 'long' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic';

/** A KQL expression of `type` made by chance from the scalar functions, at most `depth` calls deep. */
export function randomScalar(
  random: Random,
  columns: ScalarColumns,
  type: Type,
  depth: number,
): string {
  const leaf = depth <= 0 || random.next() < 0.2;
  const of = (wanted: Type) => randomScalar(random, columns, wanted, depth - 1);
  return random.pick(leaf ? LEAVES[type](columns) : CALLS[type])(of, random);
}

/** Microsoft's analysis knows what constant arrays and bags hold, and refuses what cannot be in them: a text hides it. */
function hidden(of: (type: Type) => string): string {
  return `parse_json(tostring(${of('dynamic')}))`;
}

type Make = (of: (type: Type) => string, random: Random) => string;

const constants = (texts: readonly string[]): Make[] => texts.map((text) => () => text);
const names = (columns: readonly string[]): Make[] => [
  ...constants(columns),
  ...constants(columns),
];

const LEAVES: Readonly<Record<Type, (columns: ScalarColumns) => Make[]>> = {
  string: ({ strings }) => [
    ...names(strings),
    ...constants(["''", "'GlavSoft LLC.'", "'oü 𝒳'", "'a,b,,c'", "' x '", "'12'", "'ẞß'", "'(['"]),
  ],
  long: ({ longs }) => [
    ...names(longs),
    ...constants(['0', '1', '-1', '7', 'long(null)', '9223372036854775807', 'toint(3000000000)']),
  ],
  real: () => constants(['0.0', '1.5', '-2.5', '1e300', 'real(null)', '0.1']),
  bool: ({ bools }) => [...names(bools), ...constants(['true', 'false', 'bool(null)'])],
  datetime: ({ times }) => [
    ...names(times),
    ...constants(['now()', 'datetime(2024-02-29T23:59:59.9999999Z)', 'datetime(null)']),
    ...constants(['datetime(0001-01-01)', 'datetime(9999-12-31)']),
  ],
  timespan: () => constants(['1d', '1tick', '-36h', '0s', 'time(null)', '1.5h']),
  dynamic: () =>
    constants([
      'dynamic(null)',
      "dynamic(['a', 'GlavSoft', null, 1, 2.5, true])",
      'dynamic({"a": {"b": [1, 2]}, "Signer": "x", "n": 12345678901234567})',
      'dynamic("text")',
    ]),
};

const EXACT = ['==', '!='];
const ORDER = ['<', '<=', '>', '>='];
const MATCHES = [
  ...['has', '!has', 'has_cs', 'hasprefix', '!hasprefix_cs', 'hassuffix', '!hassuffix'],
  ...['contains', '!contains_cs', 'startswith', '!startswith', 'endswith_cs', '=~', '!~'],
];
const PATTERNS = ["'[a-z]+'", "'(?i)soft'", "'^$'", "'(.)(.)'", "'\\\\pL'", "' *'"];
const PERIODS = ["'year'", "'Quarter'", "'month'", "'week'", "'day'", "'hour'", "'nanosecond'"];

const CALLS: Readonly<Record<Type, readonly Make[]>> = {
  string: [
    (of) => `strcat(${of('string')}, ${of('long')}, ${of('datetime')}, ${of('bool')})`,
    (of) => `strcat_delim('-', ${of('timespan')}, ${of('real')}, ${of('string')})`,
    (of) => `substring(${of('string')}, ${of('long')} % 5 - 2, 3)`,
    (of, random) =>
      `${random.pick(['toupper', 'tolower', 'reverse', 'url_encode', 'hash_sha1', 'base64_encode_tostring', 'url_decode', 'base64_decode_tostring'])}(${of('string')})`,
    (of) => `tostring(${of('dynamic')})`,
    (of, random) =>
      `tostring(${of(random.pick(['long', 'real', 'datetime', 'timespan', 'bool'] as const))})`,
    (of) => `replace_string(${of('string')}, ${of('string')}, ${of('string')})`,
    (of, random) => `replace_regex(${of('string')}, ${random.pick(PATTERNS)}, @'<\\0>')`,
    (of, random) => `extract(${random.pick(PATTERNS)}, ${random.below(3)}, ${of('string')})`,
    (of, random) =>
      `${random.pick(['trim', 'trim_start', 'trim_end'])}(${random.pick(PATTERNS)}, ${of('string')})`,
    (of) => `iff(${of('bool')}, ${of('string')}, ${of('string')})`,
    (of) => `case(${of('bool')}, ${of('string')}, ${of('bool')}, ${of('string')}, ${of('string')})`,
    (of) => `coalesce(${of('string')}, ${of('string')})`,
    (of) => `max_of(${of('string')}, ${of('string')})`,
    (of) => `format_datetime(${of('datetime')}, 'yyyy-MM-dd HH:mm:ss.fffffff')`,
    (of) => `format_timespan(${of('timespan')}, 'ddd.hh:mm:ss [FFF]')`,
    (of) => `tohex(${of('long')})`,
    (of) => `gettype(${of('dynamic')})`,
    (of) => `strcat_array(${hidden(of)}, ',')`,
  ],
  long: [
    (of, random) => `(${of('long')} ${random.pick(['+', '-', '*', '/', '%'])} ${of('long')})`,
    (of) => `-(${of('long')})`,
    (of) => `strlen(${of('string')})`,
    (of) => `indexof(${of('string')}, ${of('string')})`,
    (of) => `countof(${of('string')}, ${of('string')})`,
    (of) => `abs(${of('long')})`,
    (of) => `bin(${of('long')}, 3)`,
    (of) => `round(${of('long')})`,
    (of) => `tolong(${of('dynamic')})`,
    (of, random) =>
      `${random.pick(['tolong', 'toint'])}(${of(random.pick(['string', 'real', 'bool'] as const))})`,
    (of) => `array_length(${hidden(of)})`,
    (of) => `array_index_of(${hidden(of)}, ${of('string')})`,
    (of, random) => `datetime_diff(${random.pick(PERIODS)}, ${of('datetime')}, ${of('datetime')})`,
    (of, random) =>
      `datetime_part(${random.pick(["'dayofyear'", "'week_of_year'", "'microsecond'"])}, ${of('datetime')})`,
    (of, random) =>
      `${random.pick(['getyear', 'getmonth', 'hourofday', 'dayofmonth'])}(${of('datetime')})`,
    (of) => `iff(${of('bool')}, ${of('long')}, ${of('long')})`,
    (of) => `coalesce(${of('long')}, ${of('long')}, 5)`,
    (of, random) => `${random.pick(['min_of', 'max_of'])}(${of('long')}, ${of('long')})`,
  ],
  real: [
    (of, random) => `(${of('real')} ${random.pick(['+', '-', '*', '/', '%'])} ${of('long')})`,
    (of) => `(${of('timespan')} / ${of('timespan')})`,
    (of) => `todouble(${of('string')})`,
    (of) => `todouble(${of('dynamic')})`,
    (of) => `iff(${of('bool')}, ${of('real')}, ${of('long')})`,
    (of) => `bin(${of('real')}, 0.5)`,
    (of, random) => `${random.pick(['abs', 'ceiling', 'sign', 'sqrt'])}(${of('real')})`,
    (of) => `round(${of('real')}, 1)`,
    (of) => `min_of(${of('real')}, ${of('long')})`,
  ],
  bool: [
    (of, random) => `(${of('string')} ${random.pick(EXACT)} ${of('string')})`,
    (of, random) => `(${of('long')} ${random.pick([...EXACT, ...ORDER])} ${of('real')})`,
    (of, random) => `(${of('datetime')} ${random.pick([...EXACT, ...ORDER])} ${of('datetime')})`,
    (of, random) => `(${of('timespan')} ${random.pick([...EXACT, ...ORDER])} ${of('timespan')})`,
    (of, random) => `(${of('bool')} ${random.pick(EXACT)} ${of('bool')})`,
    (of, random) => `(${of('bool')} ${random.pick(['and', 'or'])} ${of('bool')})`,
    (of) => `not(${of('bool')})`,
    (of, random) => `(${of('string')} ${random.pick(MATCHES)} ${of('string')})`,
    (of, random) => `(${of('dynamic')} ${random.pick([...MATCHES, ...EXACT])} ${of('string')})`,
    (of, random) => `(${of('string')} matches regex ${random.pick(PATTERNS)})`,
    (of, random) =>
      `(${of('string')} ${random.pick(['has_any', 'has_all'])} (${of('string')}, ${of('dynamic')}))`,
    (of, random) =>
      `(${of('string')} ${random.pick(['in', '!in', 'in~', '!in~'])} (${of('string')}, ${of('dynamic')}))`,
    (of, random) =>
      `(${of('long')} ${random.pick(['in', '!in'])} (${of('long')}, ${of('dynamic')}))`,
    (of, random) =>
      `(${of('long')} ${random.pick(['between', '!between'])} (${of('long')} .. ${of('long')}))`,
    (of, random) =>
      `${random.pick(['isnull', 'isnotnull', 'isempty', 'isnotempty'])}(${of(random.pick(['string', 'long', 'dynamic', 'datetime'] as const))})`,
    (of) => `set_has_element(${hidden(of)}, ${of('string')})`,
    (of) => `tobool(${of('string')})`,
    (of) => `tobool(${of('dynamic')})`,
    (of) => `iff(${of('bool')}, ${of('bool')}, ${of('bool')})`,
    (of) => `coalesce(${of('bool')}, ${of('bool')})`,
    (of) => `isascii(${of('string')})`,
  ],
  datetime: [
    (of, random) => `(${of('datetime')} ${random.pick(['+', '-'])} ${of('timespan')})`,
    (of, random) => `bin(${of('datetime')}, ${random.pick(['1d', '7d', '1h', '3tick'])})`,
    (of, random) =>
      `${random.pick(['startof', 'endof'])}${random.pick(['day', 'week', 'month', 'year'])}(${of('datetime')}, ${of('long')} % 3 - 1)`,
    (of, random) => `datetime_add(${random.pick(PERIODS)}, ${of('long')}, ${of('datetime')})`,
    (of) => `todatetime(tostring(${of('datetime')}))`,
    (of) => `iff(${of('bool')}, ${of('datetime')}, ${of('datetime')})`,
    (of, random) =>
      `${random.pick(['min_of', 'max_of', 'coalesce'])}(${of('datetime')}, ${of('datetime')})`,
    (of) => `make_datetime(2024, ${of('long')}, 29)`,
  ],
  timespan: [
    (of) => `(${of('datetime')} - ${of('datetime')})`,
    (of, random) => `(${of('timespan')} ${random.pick(['+', '-', '%'])} ${of('timespan')})`,
    (of, random) =>
      `(${of('timespan')} ${random.pick(['*', '/'])} ${of(random.pick(['long', 'real'] as const))})`,
    (of) => `abs(${of('timespan')})`,
    (of) => `bin(${of('timespan')}, 1h)`,
    (of) => `dayofweek(${of('datetime')})`,
    (of) => `totimespan(tostring(${of('timespan')}))`,
    (of) => `iff(${of('bool')}, ${of('timespan')}, ${of('timespan')})`,
  ],
  dynamic: [
    (of) => `pack_array(${of('string')}, ${of('long')}, ${of('datetime')}, ${of('dynamic')})`,
    (of) => `bag_pack('a', ${of('string')}, 'b', ${of('long')}, ${of('string')}, ${of('real')})`,
    (of, random) => `split(${of('string')}, ${random.pick(["','", "' '", "''"])})`,
    (of) => `parse_json(${of('string')})`,
    (of) => `parse_json(tostring(${of('dynamic')}))`,
    (of) => `(${of('dynamic')}).a`,
    (of) => `(${hidden(of)})[${of('string')}]`,
    (of) => `(${hidden(of)})[${of('long')}]`,
    (of) => `bag_keys(${hidden(of)})`,
    (of) => `array_concat(${hidden(of)}, ${hidden(of)})`,
    (of) => `array_slice(${hidden(of)}, ${of('long')}, ${of('long')})`,
    (of, random) => `extract_all(${random.pick(["'([a-z])'", "'(.)(.)'"])}, ${of('string')})`,
    (of) => `iff(${of('bool')}, ${of('dynamic')}, ${of('dynamic')})`,
    (of) => `coalesce(${of('dynamic')}, ${of('dynamic')})`,
  ],
};
