import type { Relation } from '../../parsers/kql/relation.ts';
import { type Asked, ask, type Row, textOf } from '../hunt/ask.ts';
import { isWithin, projectShort, summarize, table, where } from '../hunt/plan-parts.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { MOST_SKIPPED } from './sweep-gaps.ts';

/** Values that one question may name. */
const MOST_IN_ONE = 2_000;

/** Characters that are read of what senders write. */
const LENGTHS = {
  ...{ DeviceName: 255, ScanId: 64, AgentVersion: 64, RuleDigest: 64, RootDigest: 64 },
  ...{ TrustSource: 128, Skipped: MOST_SKIPPED },
};
const TIMES = ['DeviceId', 'DeviceName', 'ScanId', 'StartTime', 'EndTime', 'ReceivedTime'];
const ALL = [
  ...[...TIMES, 'Complete', 'Interrupted', 'Skipped', 'SpoolDropped', 'Flagged'],
  ...['AgentVersion', 'RuleDigest', 'RootDigest', 'TrustSource'],
];

export function cutName(cell: Row[string] | undefined): string {
  return textOf(cell).slice(0, LENGTHS.DeviceName);
}

/** Sweep rows that came within a window: a device's own clock may be wrong. */
export function receivedWithin(window: TimeWindow): Relation {
  const sweeps = table('AgentSweepInfo');
  return where(sweeps, isWithin(sweeps, window, 'ReceivedTime'));
}

/** `sweeps`, with what clones are told by. */
export function withTimes(sweeps: Relation): Relation {
  return projectShort(sweeps, TIMES, LENGTHS);
}

/** `sweeps`, with all that the device view tells. */
export function withFacts(sweeps: Relation): Relation {
  return projectShort(sweeps, ALL, LENGTHS);
}

/** Of each device in `sweeps`: how many there are, when the last came, and the first and last name by alphabet. */
export function countSweeps(sweeps: Relation): Relation {
  return summarize(
    sweeps,
    [
      ['Last', 'max', 'ReceivedTime'],
      ['Sweeps', 'count'],
      ['LowName', 'min', 'DeviceName'],
      ['HighName', 'max', 'DeviceName'],
    ],
    ['DeviceId'],
  );
}

/** The rows of a question that names many items, asked in parts. */
export async function askInParts<Item>(
  asked: Asked,
  items: readonly Item[],
  question: (some: readonly Item[]) => Relation,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < items.length; start += MOST_IN_ONE)
    for (const row of await ask(asked, question(items.slice(start, start + MOST_IN_ONE))))
      rows.push(row);
  return rows;
}
