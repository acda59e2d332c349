import { type Asked, ask } from '../hunt/ask.ts';
import { isWithin, summarize, table, where } from '../hunt/plan-parts.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';

/** The times that a comparison speaks of. */
export interface CoverageWindows {
  /** What options ask for; undefined where they ask for none. */
  readonly asked: TimeWindow | undefined;
  /** From the first to the last record of the collector; undefined where it has none. */
  readonly agent: TimeWindow | undefined;
  /** What was asked for, else from the first to the last row of the exports; undefined where they have none. */
  readonly exported: TimeWindow | undefined;
  /** What both cover; undefined where there is no such time. */
  readonly common: TimeWindow | undefined;
}

/** From the first to the last record of the collector, within `asked` where it is given. */
export async function readAgentWindow(
  asked: Asked,
  within: TimeWindow | undefined,
): Promise<TimeWindow | undefined> {
  const records = table('AgentFileCertificateInfo');
  const rows = within ? where(records, isWithin(records, within)) : records;
  const span = [
    ['First', 'min', 'Timestamp'],
    ['Last', 'max', 'Timestamp'],
  ] as const;
  const [row] = await ask(asked, summarize(rows, span));
  const { First, Last } = row ?? {};
  return typeof First === 'bigint' && typeof Last === 'bigint'
    ? { from: First, to: Last }
    : undefined;
}

export function commonWindow(
  one: TimeWindow | undefined,
  other: TimeWindow | undefined,
): TimeWindow | undefined {
  if (!one || !other) return undefined;
  const from = one.from > other.from ? one.from : other.from;
  const to = one.to < other.to ? one.to : other.to;
  return from <= to ? { from, to } : undefined;
}

/** Where a time lies to a window. Larger is better proof that it was not missed there. */
export type When = typeof BEFORE | typeof AFTER | typeof WITHIN;
export const BEFORE = 0;
/** Late, as one side may well be: seen all the same. */
export const AFTER = 1;
export const WITHIN = 2;

/** Without a window nothing is within. */
export function whenOf(window: TimeWindow | undefined, ticks: bigint): When {
  if (!window || ticks < window.from) return BEFORE;
  return ticks > window.to ? AFTER : WITHIN;
}

export function isIn(window: TimeWindow | undefined, ticks: bigint): boolean {
  return window !== undefined && ticks >= window.from && ticks <= window.to;
}

/** A window that grows with each time that it is told. */
export class Span {
  #window: TimeWindow | undefined;

  add(ticks: bigint): void {
    const { from, to } = this.#window ?? { from: ticks, to: ticks };
    if (this.#window && ticks >= from && ticks <= to) return;
    this.#window = { from: ticks < from ? ticks : from, to: ticks > to ? ticks : to };
  }

  get window(): TimeWindow | undefined {
    return this.#window;
  }
}
