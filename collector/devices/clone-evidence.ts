/** When and under which name a sweep of a device ran. Times are ticks; `start` and `end` by the device's clock. */
export interface SweepTime extends Span {
  readonly scanId: string;
  readonly name: string;
  /** By the collector's clock. */
  readonly received: bigint;
}

/** One reason to believe that several machines use one DeviceId: a golden image, a copied disk, a stolen token. */
export interface CloneEvidence {
  readonly code: 'two-names-at-once' | 'names-return' | 'overlapping-sweeps' | 'several-keys';
  /** Weak evidence has harmless explanations, which `words` name. */
  readonly strength: 'strong' | 'weak';
  readonly words: string;
}

/** Names that are listed; the rest are counted. */
const MOST_NAMES = 5;

/**
 * What in the sweeps of one device, in any order, and in the ids of the keys that enrolled it speaks for several machines.
 * Names are compared by their first label: a laptop is pc7 at home and pc7.corp.example in the office.
 */
export function findCloneEvidence(
  sweeps: readonly SweepTime[],
  keys: readonly string[],
): readonly CloneEvidence[] {
  return [...overlaps(sweeps), ...returningNames(sweeps), ...severalKeys(keys)];
}

/**
 * A B A. One machine that is renamed does not come back to its old name; two machines take turns. In the order of receipt
 * alone it is weak: an old file that was imported late looks like that, too.
 */
function returningNames(sweeps: readonly SweepTime[]): CloneEvidence[] {
  const byReceipt = namesThatReturn(sweeps, ({ received }) => received);
  if (byReceipt.length === 0) return [];
  const byClock = namesThatReturn(sweeps, ({ end, received }) => end ?? received);
  const names = listed(distinctNames(sweeps));
  const some = `sweeps under the names ${names} take turns`;
  return [
    byClock.length > 0
      ? { code: 'names-return', strength: 'strong', words: `${some}: several machines use this id` }
      : {
          code: 'names-return',
          strength: 'weak',
          words: `${some} in the order in which they came: several machines, or old results that were sent late`,
        },
  ];
}

function namesThatReturn(
  sweeps: readonly SweepTime[],
  time: (sweep: SweepTime) => bigint,
): readonly string[] {
  const ordered = sweeps
    .filter(({ name }) => name !== '')
    .sort((one, other) => compare(time(one), time(other)));
  const left = new Set<string>();
  const returned = new Set<string>();
  let current: string | undefined;
  for (const { name } of ordered) {
    const label = firstLabel(name);
    if (label === current) continue;
    if (current !== undefined) left.add(current);
    if (left.has(label)) returned.add(label);
    current = label;
  }
  return [...returned];
}

/** Sweeps that began, by the device's clock, before another had ended. */
function overlaps(sweeps: readonly SweepTime[]): CloneEvidence[] {
  const pairs = overlappingPairs(sweeps).filter(([one, other]) => one.scanId !== other.scanId);
  if (pairs.length === 0) return [];
  const named = pairs.filter(([one, other]) => differ(one.name, other.name));
  if (named.length > 0) {
    const names = listed([...new Set(named.flat().map(({ name }) => name))]);
    const words = `sweeps ran at the same time under the names ${names}: several machines use this id`;
    return [{ code: 'two-names-at-once', strength: 'strong', words }];
  }
  const which = pairs.length === 1 ? '1 sweep' : `${pairs.length} sweeps`;
  const words = `${which} began before another had ended: several machines, or a scan by hand beside the service, or a clock that was set`;
  return [{ code: 'overlapping-sweeps', strength: 'weak', words }];
}

/** From when to when a sweep ran, in ticks; null where it does not say. */
export interface Span {
  readonly start: bigint | null;
  readonly end: bigint | null;
}

/** Each of `spans` that begins within another, with that other, the longest running one. Spans without times are left out. */
export function overlappingPairs<Each extends Span>(
  spans: readonly Each[],
): readonly (readonly [Each, Each])[] {
  const timed = spans
    .flatMap((span) => {
      const { start, end } = span;
      return start === null || end === null || end < start ? [] : [{ start, end, span }];
    })
    .sort((one, other) => compare(one.start, other.start));
  const pairs: (readonly [Each, Each])[] = [];
  let running: (typeof timed)[number] | undefined;
  for (const each of timed) {
    if (running && each.start < running.end) pairs.push([running.span, each.span]);
    if (!running || each.end > running.end) running = each;
  }
  return pairs;
}

function severalKeys(keys: readonly string[]): CloneEvidence[] {
  if (keys.length < 2) return [];
  return [
    {
      code: 'several-keys',
      strength: 'weak',
      words: `enrolled by ${keys.length} keys (${listed(keys)}): several machines, or one that was set up again`,
    },
  ];
}

/** The names of sweeps, the newest first. */
export function distinctNames(sweeps: readonly SweepTime[]): readonly string[] {
  const newestFirst = [...sweeps].sort((one, other) => compare(other.received, one.received));
  return [...new Set(newestFirst.map(({ name }) => name).filter((name) => name !== ''))];
}

function differ(one: string, other: string): boolean {
  return one !== '' && other !== '' && firstLabel(one) !== firstLabel(other);
}

function firstLabel(name: string): string {
  return (name.split('.')[0] ?? '').toLowerCase();
}

function listed(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMES;
  return `${texts.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : Number(one > other);
}
