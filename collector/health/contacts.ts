import { ask, ticksOf } from '../hunt/ask.ts';
import { table } from '../hunt/plan-parts.ts';
import type { Store } from '../store/store.ts';
import { SILENT_AFTER_DAYS } from './silence.ts';

export const SILENT_AFTER_MS = SILENT_AFTER_DAYS * 86_400_000;

/** Devices that ever sent a batch, as one look at their clocks and times of contact needs them. */
export interface Contacts {
  readonly devices: number;
  /** Of them, those of which nothing has come for SILENT_AFTER_MS. */
  readonly silent: number;
  /** Milliseconds by which the clock of each other one is ahead of the collector's, where it was told. */
  readonly skews: readonly number[];
}

/** `now`: 100 ns ticks, the collector's clock. A fleet has thousands of devices, so all are read. */
export async function readContacts(store: Pick<Store, 'run'>, now: bigint): Promise<Contacts> {
  const limits = { rows: 1_000_000, bytes: 256 * 1024 * 1024, milliseconds: 30_000 };
  const rows = await ask({ store, run: { now, limits } }, table('AgentContactInfo'));
  const heardSince = now - BigInt(SILENT_AFTER_MS) * 10_000n;
  const heard = rows.filter(({ LastContact }) => ticksOf(LastContact) >= heardSince);
  const skews = heard.flatMap(({ ClockSkewMs }) =>
    ClockSkewMs === null || ClockSkewMs === undefined ? [] : [Number(ClockSkewMs)],
  );
  return { devices: rows.length, silent: rows.length - heard.length, skews };
}
