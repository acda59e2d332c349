import type { Random } from './random.ts';
import type { ScalarColumns } from './random-scalars.ts';

/**
 * A `summarize` of several aggregates made by chance. Only what has one right answer: arg_max() by the ReportId that no two
 * rows share, take_any() of a column that the group has in common, sums of reals that are exact.
 */
export function randomSummarize(
  random: Random,
  columns: ScalarColumns,
  predicate: () => string,
  by: { readonly text: string; readonly column: string } | undefined,
): string {
  const aggregates = Array.from({ length: 1 + random.below(4) }, (_, index) =>
    aggregate(random, columns, predicate, by?.column, index),
  );
  return `| summarize ${aggregates.join(', ')}${by ? ` by ${by.text}` : ''}`;
}

/** `InOrder` is compared with the order of its members; of all other arrays the order means nothing. */
export function sortedList(random: Random, names: readonly string[]): string {
  const cap = random.pick(['', ', 0', ', 5']);
  return `| sort by ReportId ${random.pick(['asc', 'desc'])} | summarize InOrder = make_list(${random.pick(names)}${cap}) by K = ${random.pick(names)}`;
}

function aggregate(
  random: Random,
  columns: ScalarColumns,
  predicate: () => string,
  by: string | undefined,
  index: number,
): string {
  const any = () =>
    random.pick([...columns.strings, ...columns.longs, ...columns.times, ...columns.bools]);
  const long = () => random.pick(columns.longs);
  const time = () => random.pick(columns.times);
  const number = () =>
    random.pick([long(), `${time()} - ${time()}`, 'ReportId / 4.0', `${long()} * 1h`]);
  const name = `A${index}`;
  return random.pick([
    () => `${name} = count()`,
    () => `${name} = countif(${predicate()})`,
    () => `${name} = ${random.pick(['min', 'max'])}(${any()})`,
    () => `${name} = ${random.pick(['minif', 'maxif'])}(${any()}, ${predicate()})`,
    () => `${name} = ${random.pick(['dcount', 'count_distinct'])}(${any()})`,
    () => `${name} = ${random.pick(['dcountif', 'count_distinctif'])}(${any()}, ${predicate()})`,
    () => `${name} = ${random.pick(['sum', 'avg'])}(${number()})`,
    () => `${name} = ${random.pick(['sumif', 'avgif'])}(${number()}, ${predicate()})`,
    () => `${name} = ${random.pick(['make_set', 'make_list'])}(${any()})`,
    () => `${name} = ${random.pick(['make_set_if', 'make_list_if'])}(${any()}, ${predicate()})`,
    () => `(${name}, B${index}) = ${random.pick(['arg_max', 'arg_min'])}(ReportId, ${any()})`,
    () => `${name} = take_any(${by ?? `'one'`})`,
    () => `${name} = max(${long()}) - min(${long()})`,
    () => `${name} = round(avg(${long()}), 1)`,
    () => `${name} = count() * 2 + dcount(${any()})`,
    () => `${name} = array_length(make_${random.pick(['set', 'list'])}(${any()}, 3))`,
    () => `${name} = iff(countif(${predicate()}) > 1, max(${time()}), min(${time()}))`,
  ])();
}
