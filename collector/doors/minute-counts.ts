const MINUTE_MS = 60_000;
/** Names remembered; past it the one that was counted longest ago is forgotten. */
const MAX_NAMES = 10_000;

/** Counts by name, an address or a token, in minutes that begin with a name's first count. Its memory is bounded. */
export class MinuteCounts {
  readonly #clock: () => number;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one more, and gives how many there were of this name in its minute. */
  add(name: string): number {
    const now = this.#clock();
    const known = this.#counts.get(name);
    const entry = known && now - known.since < MINUTE_MS ? known : { since: now, count: 0 };
    entry.count += 1;
    this.#counts.delete(name); // and set again, as the youngest
    this.#counts.set(name, entry);
    if (this.#counts.size > MAX_NAMES) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return entry.count;
  }
}
