import type { DelayBucket } from './coverage-report.ts';

/** How much later the export has a file than the agent: milliseconds, below zero where it was earlier. */
export interface DelaySummary {
  readonly files: number;
  readonly median: number;
  readonly p95: number;
  readonly least: number;
  readonly most: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Upper ends of the buckets, not included; the last has none. */
const BUCKETS = [
  { label: 'earlier by a day or more', below: -DAY + 1 },
  { label: 'earlier by 1 hour to 1 day', below: -HOUR + 1 },
  { label: 'earlier by less than 1 hour', below: 0 },
  { label: 'later by less than 1 hour', below: HOUR },
  { label: 'later by 1 hour to 1 day', below: DAY },
  { label: 'later by 1 to 5 days', below: 5 * DAY },
  { label: 'later by 5 days or more', below: Number.POSITIVE_INFINITY },
];

/** Gathers delays: 8 bytes each. */
export class Delays {
  #values = new Float64Array(64);
  #count = 0;

  add(ms: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count] = ms;
    this.#count += 1;
  }

  addAll(other: Delays): void {
    for (const ms of other.#given()) this.add(ms);
  }

  /** By the nearest rank; undefined without a value. */
  summary(): DelaySummary | undefined {
    if (this.#count === 0) return undefined;
    const sorted = this.#given().slice().sort();
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { files: sorted.length, median: at(0.5), p95: at(0.95), least: at(0), most: at(1) };
  }

  histogram(): readonly DelayBucket[] {
    const counts = BUCKETS.map(() => 0);
    for (const ms of this.#given()) {
      const index = BUCKETS.findIndex(({ below }) => ms < below);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    return BUCKETS.map(({ label }, index) => ({ label, count: counts[index] ?? 0 }));
  }

  #given(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }
}
