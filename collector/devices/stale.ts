/** What one device has: a digest of rules, for one. */
export interface Held {
  readonly deviceId: string;
  readonly value: string;
  /** Only devices of one group are compared: Windows' own roots differ from a bundle's on purpose. */
  readonly group: string;
  /** It has not been heard of for long: it has no say in what is usual. */
  readonly silent: boolean;
}

const DAY_TICKS = 24n * 3600n * 10_000_000n;

/**
 * The devices whose value differs from the most common one of their group, unless the fleet first had theirs at least a
 * day after that: who is first to have new rules is ahead, not stale. Nothing is usual that only one device has. Of two
 * values that are equally common the newer one is usual.
 *
 * `firstSeen`: when the collector first received a value, in ticks. One that is not in it is taken for old.
 */
export function findStale(
  held: readonly Held[],
  firstSeen: ReadonlyMap<string, bigint>,
): ReadonlySet<string> {
  const told = held.filter(({ value }) => value !== '');
  const usual = usualValues(told, firstSeen);
  const stale = told.filter(({ value, group }) => {
    const common = usual.get(group);
    if (common === undefined || common === value) return false;
    return (firstSeen.get(value) ?? 0n) < (firstSeen.get(common) ?? 0n) + DAY_TICKS;
  });
  return new Set(stale.map(({ deviceId }) => deviceId));
}

function usualValues(
  held: readonly Held[],
  firstSeen: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, string> {
  const groups = new Map<string, Map<string, number>>();
  for (const { group, value, silent } of held) {
    if (silent) continue;
    const counts = groups.get(group) ?? new Map<string, number>();
    counts.set(value, (counts.get(value) ?? 0) + 1);
    groups.set(group, counts);
  }
  const usual = new Map<string, string>();
  for (const [group, counts] of groups) {
    let [best, most] = ['', 1];
    for (const [value, count] of counts) {
      const newer = (firstSeen.get(value) ?? 0n) > (firstSeen.get(best) ?? 0n);
      if (count > most || (count === most && best !== '' && newer)) [best, most] = [value, count];
    }
    if (best !== '') usual.set(group, best);
  }
  return usual;
}
