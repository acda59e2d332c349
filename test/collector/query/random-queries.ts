import type { Random } from './random.ts';
import { randomSummarize, sortedList } from './random-aggregates.ts';
import { randomPair, randomSource } from './random-relations.ts';
import { randomScalar } from './random-scalars.ts';

/** KQL made by chance from everything the front end accepts, over columns of every type and place. */
export function randomQuery(random: Random): string {
  const table = random.pick(['AgentFileCertificateInfo', 'DeviceFileCertificateInfo']);
  const columns = table.startsWith('Agent') ? AGENT : CANONICAL;
  const condition = () => predicate(random, columns, 1);
  // Both tables have the canonical columns.
  if (random.next() < 0.15) return randomPair(random, () => predicate(random, SHARED, 1));
  const { lets, lines } = randomSource(random, table, condition);
  const wheres = many(random, 2, () => `| where ${predicate(random, columns, 2)}`);
  const extended = random.next() < 0.3 ? [`| extend X = ${value(random, columns)}`] : [];
  const names = [...columns.strings, ...columns.longs, ...columns.times, ...columns.bools];
  const filter = random.next() < 0.3 ? [`| where ${condition()}`] : [];
  const end = ending(random, columns, names);
  return [...lets, ...lines, ...wheres, ...extended, ...filter, end].join('\n');
}

interface Columns {
  readonly strings: readonly string[];
  readonly longs: readonly string[];
  readonly times: readonly string[];
  readonly bools: readonly string[];
}

const CANONICAL: Columns = {
  strings: ['DeviceId', 'DeviceName', 'Signer', 'SHA1'],
  longs: ['ReportId'],
  times: ['Timestamp', 'CertificateExpirationTime', 'TimeGenerated'],
  bools: ['IsTrusted', 'IsSigned'],
};

const SHARED: Columns = { ...CANONICAL, times: ['Timestamp', 'CertificateExpirationTime'] };

const AGENT: Columns = {
  strings: ['DeviceId', 'DeviceName', 'Signer', 'FileName', 'SignatureStatus'],
  longs: ['ReportId', 'FileSize', 'SignatureIndex'],
  times: ['Timestamp', 'FileModifiedTime', 'ReadTime', 'CertificateExpirationTime'],
  bools: ['IsTrusted', 'IsSigned'],
};

export const SIGNERS = [
  'GlavSoft LLC.',
  'glavsoft',
  'GlavsoftX',
  'DWSNET OÜ',
  'Ⅷ 漢字 𝒳',
  '\uffee',
];
const NEEDLES = ['glavsoft', 'GLAVSOFT LLC.', 'oü', '𝒳', '', 'a', '漢字', 'exe'];
const STRING_OPERATORS = [
  ...['has', '!has', 'has_cs', '!has_cs', 'contains', '!contains', 'contains_cs', 'startswith'],
  ...['!startswith', 'endswith', '!endswith_cs', '=~', '!~', '==', '!='],
];
const TIMES = [
  ...['datetime(2026-07-01)', 'datetime(2026-07-02)', 'datetime(2026-07-02T00:00:00.0000001Z)'],
  ...['now()', 'now(-1d)', 'ago(36h)', 'datetime(null)'],
];
/** dynamic values neither group nor order: inside other expressions they are compared too. */
const RESULT_TYPES = ['string', 'long', 'real', 'bool', 'datetime', 'timespan'] as const;
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];

function predicate(random: Random, columns: Columns, depth: number): string {
  if (depth > 0 && random.next() < 0.5) {
    const left = predicate(random, columns, depth - 1);
    const right = predicate(random, columns, depth - 1);
    return random.pick([`(${left} and ${right})`, `(${left} or ${right})`, `not(${left})`]);
  }
  const text = () => `'${random.pick([...NEEDLES, ...SIGNERS])}'`;
  const string = () => random.pick(columns.strings);
  const time = () => random.pick(columns.times);
  const long = () => random.pick(columns.longs);
  return random.pick([
    () => `${string()} ${random.pick(STRING_OPERATORS)} ${text()}`,
    () => `${string()} has_any (${text()}, ${text()})`,
    () => `${string()} ${random.pick(['in', '!in', 'in~', '!in~'])} (${text()}, ${text()})`,
    () => `${string()} ${random.pick(['==', '!=', 'has', 'startswith', '=~'])} ${string()}`,
    () => `tolower(${string()}) == ${text()}`,
    () => `${time()} ${random.pick(COMPARISONS)} ${random.pick(TIMES)}`,
    () => `${time()} ${random.pick(COMPARISONS)} ${time()}`,
    () =>
      `${time()} ${random.pick(['between', '!between'])} (${random.pick(TIMES)} .. ${random.pick(TIMES)})`,
    () => `${time()} ${random.pick(['between', '!between'])} (${time()} .. 1d)`,
    () => `${time()} - ${time()} ${random.pick(COMPARISONS)} 1d`,
    () =>
      `${long()} ${random.pick(COMPARISONS)} ${random.pick(['0', '2', '-1', 'long(null)', '1.5'])}`,
    () => `${long()} + 1 ${random.pick(COMPARISONS)} -${long()}`,
    () => `${long()} ${random.pick(['in', '!in'])} (1, 2, long(null))`,
    () => `${long()} ${random.pick(['between', '!between'])} (0 .. ${long()})`,
    () => random.pick(columns.bools),
    ...twice(() => randomScalar(random, columns, 'bool', 3)),
    () =>
      `${random.pick(columns.bools)} ${random.pick(['==', '!='])} ${random.pick(['true', 'false', 'bool(null)'])}`,
    () => `${random.pick(columns.bools)} == ${random.pick(columns.bools)}`,
  ])();
}

function value(random: Random, columns: Columns): string {
  const long = () => random.pick(columns.longs);
  const time = () => random.pick(columns.times);
  return random.pick([
    () => `${long()} + ${long()}`,
    () => `${long()} - 9223372036854775807 - 10`,
    () => `${long()} + 0.5`,
    () => `-${long()}`,
    () => `${time()} - ${time()}`,
    () => `${time()} + 1h`,
    () => `${time()} + 1000000d`,
    () => `tolower(${random.pick(columns.strings)})`,
    () => predicate(random, columns, 1),
    ...twice(() => randomScalar(random, columns, random.pick(RESULT_TYPES), 3)),
    () => random.pick(['now()', "'x'", '1', 'ago(1d)', 'long(null)']),
  ])();
}

function ending(random: Random, columns: Columns, names: readonly string[]): string {
  const name = () => random.pick(names);
  const [one, other] = two(random, names);
  const computed = `K = ${value(random, columns)}`;
  const by = random.pick([one, computed]);
  const condition = () => predicate(random, columns, 1);
  const summarize = (group?: { text: string; column: string }) =>
    randomSummarize(random, columns, condition, group);
  const direction = () =>
    random.pick(['', ' asc', ' desc', ' asc nulls last', ' desc nulls first']);
  return random.pick([
    () => summarize(),
    ...twice(() => summarize({ text: `${by}, ${other}`, column: other })),
    () =>
      summarize({ text: `bin(Timestamp, ${random.pick(['1d', '1h', '1tick'])})`, column: "'x'" }),
    () => `| summarize arg_${random.pick(['max', 'min'])}(ReportId, *) by ${one}`,
    () => sortedList(random, names),
    () => `| project ${one}, ${other} | distinct *`,
    () => `| top ${random.below(9)} by ReportId${direction()} | project R = ReportId, ${one}`,
    () => `| take ${random.below(9)} | count`,
    () => `| summarize by ${by}`,
    () => `| distinct ${one}, ${other}`,
    () => `| project A = ${name()}, B = ${value(random, columns)}`,
    () => '| count',
    () => `| sort by ${name()}${direction()}, ReportId${direction()} | project ReportId | take 7`,
    () => `| top 5 by ${name()}${direction()} | count`,
    () => `| sort by ${name()} asc | extend Z = 1 | where ReportId >= 0 | summarize count() by Z`,
  ])();
}

/** Two different ones: Kusto refuses a result with two columns of one name. */
function two(random: Random, names: readonly string[]): [string, string] {
  const one = random.pick(names);
  return [one, random.pick(names.filter((name) => name !== one))];
}

function twice(make: () => string): (() => string)[] {
  return [make, make];
}

function many(random: Random, most: number, make: () => string): string[] {
  return Array.from({ length: random.below(most + 1) }, make);
}
