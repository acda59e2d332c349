import { type Asked, ask, type Row, textOf, ticksOf } from './ask.ts';
import { equals, isIn, isWithin, summarize, table, where } from './plan-parts.ts';
import type { TimeWindow } from './time-ranges.ts';

/** Which devices a window tells of. A device is in one of the lists, by its DeviceId. */
export interface Reporting {
  /** When a device last sent something, by the collector's clock in ticks; 0 where none ever has. */
  readonly lastContact: bigint;
  /** A complete sweep ended in the window. */
  readonly complete: readonly string[];
  /** Sweeps ended in the window, and none of them could see all. */
  readonly incomplete: readonly string[];
  /** Records are of the window, and no sweep row: whether they are all is unknown. */
  readonly unswept: readonly string[];
  /** Has reported, and nothing of the window. */
  readonly silent: readonly string[];
}

/** DeviceIds that one question may name. */
const MOST_IN_ONE = 500;

/** Sorts every device that ever reported by what it reported of `window`. */
export async function readReporting(asked: Asked, window: TimeWindow): Promise<Reporting> {
  const contacts = await ask(asked, table('AgentContactInfo'));
  const sweeps = where(table('AgentSweepInfo'), isWithin(table('AgentSweepInfo'), window));
  const wholeSweeps = where(sweeps, equals(sweeps, 'Complete', true));
  const swept = new Set(devicesIn(await ask(asked, summarize(sweeps, [], ['DeviceId']))));
  const complete = devicesIn(await ask(asked, summarize(wholeSweeps, [], ['DeviceId'])));
  const completeSet = new Set(complete);
  const others = contacts.filter(({ DeviceId }) => !swept.has(textOf(DeviceId)));
  // What a device has not sent since the window began is not of the window.
  const heard = others.filter(({ LastContact }) => ticksOf(LastContact) >= window.from);
  const unswept = new Set(await withRecords(asked, window, devicesIn(heard)));
  return {
    lastContact: contacts.reduce((last, { LastContact }) => later(last, ticksOf(LastContact)), 0n),
    complete,
    incomplete: [...swept].filter((id) => !completeSet.has(id)),
    unswept: [...unswept],
    silent: devicesIn(others).filter((id) => !unswept.has(id)),
  };
}

/** Those of `devices` that have a record of the window. */
async function withRecords(asked: Asked, window: TimeWindow, devices: readonly string[]) {
  const found: string[] = [];
  for (let start = 0; start < devices.length; start += MOST_IN_ONE) {
    const records = table('AgentFileCertificateInfo');
    const some = devices.slice(start, start + MOST_IN_ONE);
    const theirs = where(records, isWithin(records, window), isIn(records, 'DeviceId', some));
    found.push(...devicesIn(await ask(asked, summarize(theirs, [], ['DeviceId']))));
  }
  return found;
}

function devicesIn(rows: readonly Row[]): string[] {
  return rows.map(({ DeviceId }) => textOf(DeviceId)).sort();
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
