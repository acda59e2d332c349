import type { Relation } from '../../parsers/kql/relation.ts';
import { type Asked, ask, type Row, textOf, ticksOf } from '../hunt/ask.ts';
import { equals, isIn, newest, not, project, summarize, table, where } from '../hunt/plan-parts.ts';
import { overlappingPairs, type Span, type SweepTime } from './clone-evidence.ts';
import {
  askInParts,
  countSweeps,
  cutName,
  receivedWithin,
  withFacts,
  withTimes,
} from './sweep-questions.ts';
import { longOf, type NamedSweep, newestByDevice, timesByDevice } from './sweep-rows.ts';

/** How far back sweeps are looked at for names that return, by when they came. A sweep is due every 4 days at the latest. */
const NAME_DAYS = 14n;
/** The same for sweeps that overlap, which takes a row for each sweep: clones of a golden image go on overlapping. */
const OVERLAP_DAYS = 3n;
const DAY_TICKS = 24n * 3600n * 10_000_000n;

/** Sweeps in NAME_DAYS of one device, and of all together: 10,000 devices with four a day are within it. */
const MOST_SWEEPS = 500;
const MOST_SWEEPS_IN_ALL = 600_000;
/** Devices past those that are asked for one by one, and how many of their newest sweeps. The rest go unread. */
const MOST_ALONE = 10;
const NEWEST_ALONE = 200;

/** The sweeps of a fleet, by DeviceId. */
export interface FleetSweeps {
  /** Of the last two weeks, those of devices that may be cloned. */
  readonly times: ReadonlyMap<string, readonly SweepTime[]>;
  readonly last: ReadonlyMap<string, NamedSweep>;
  /** Devices of whose sweeps only the newest were read, or none: they have sent too many. */
  readonly partlyRead: ReadonlySet<string>;
  /** A name of each device with sweeps lately: that of its last one is in `last`. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The sweeps that matter, and the last one of each device in `devices`, however old.
 *
 * What is read of a device is bounded, so that one that floods the collector costs its own view and not the others'.
 */
export async function readSweeps(asked: Asked, devices: readonly string[]): Promise<FleetSweeps> {
  const { now } = asked.run;
  const recent = receivedWithin({ from: now - NAME_DAYS * DAY_TICKS, to: now });
  const counts = await ask(asked, countSweeps(recent));
  const many = tooMany(counts);
  const few = counts.filter(({ DeviceId }) => !many.has(textOf(DeviceId)));
  const known = new Set(counts.map(({ DeviceId }) => textOf(DeviceId)));
  const unheard = devices.filter((id) => !known.has(id));
  const [alone, overlapping, last] = await Promise.all([
    readAlone(asked, recent, [...many].slice(0, MOST_ALONE)),
    findOverlapping(asked, many),
    readLast(asked, few, unheard),
  ]);
  const renamed = few.filter(({ LowName, HighName }) => LowName !== HighName);
  const suspects = new Set([...renamed.map(({ DeviceId }) => textOf(DeviceId)), ...overlapping]);
  const times = await askInParts(asked, [...suspects], (ids) =>
    withTimes(where(recent, isIn(recent, 'DeviceId', ids))),
  );
  return {
    times: timesByDevice([...times, ...alone]),
    last: newestByDevice([...last, ...alone]),
    partlyRead: many,
    names: new Map(counts.map((row) => [textOf(row.DeviceId), cutName(row.HighName)])),
  };
}

/** When each value of a column of AgentSweepInfo first came, in ticks. */
export async function readFirstReceived(
  asked: Asked,
  name: string,
  values: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const sweeps = table('AgentSweepInfo');
  const rows = await askInParts(asked, values, (some) =>
    summarize(where(sweeps, isIn(sweeps, name, some)), [['First', 'min', 'ReceivedTime']], [name]),
  );
  return new Map(rows.map((row) => [textOf(row[name]), ticksOf(row.First)]));
}

/** Those past MOST_SWEEPS, and then those with the most until the rest is within MOST_SWEEPS_IN_ALL. */
function tooMany(counts: readonly Row[]): ReadonlySet<string> {
  const bySweeps = counts
    .map(({ DeviceId, Sweeps }) => ({ id: textOf(DeviceId), sweeps: Number(Sweeps) }))
    .sort((one, other) => other.sweeps - one.sweeps);
  let rest = bySweeps.reduce((sum, { sweeps }) => sum + sweeps, 0);
  const many = new Set<string>();
  for (const { id, sweeps } of bySweeps) {
    if (sweeps <= MOST_SWEEPS && rest <= MOST_SWEEPS_IN_ALL) break;
    many.add(id);
    rest -= sweeps;
  }
  return many;
}

async function readAlone(
  asked: Asked,
  recent: Relation,
  devices: readonly string[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const id of devices) {
    const theirs = where(recent, equals(recent, 'DeviceId', id));
    const newestRows = newest(theirs, NEWEST_ALONE, 'ReceivedTime');
    rows.push(...(await ask(asked, withFacts(newestRows))));
  }
  return rows;
}

/** Devices, without `many`, that lately had two sweeps at once. */
async function findOverlapping(
  asked: Asked,
  many: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { now } = asked.run;
  const recent = receivedWithin({ from: now - OVERLAP_DAYS * DAY_TICKS, to: now });
  const fewer = many.size === 0 ? recent : where(recent, not(isIn(recent, 'DeviceId', [...many])));
  const spans = new Map<string, Span[]>();
  for (const row of await ask(asked, project(fewer, ['DeviceId', 'StartTime', 'EndTime']))) {
    const id = textOf(row.DeviceId);
    const span = { start: longOf(row.StartTime), end: longOf(row.EndTime) };
    const known = spans.get(id);
    if (known) known.push(span);
    else spans.set(id, [span]);
  }
  return [...spans].filter(([, each]) => overlappingPairs(each).length > 0).map(([id]) => id);
}

/** The last sweep of each device: `counts` tells when it came; that of `unheard` devices is found first. */
async function readLast(
  asked: Asked,
  counts: readonly Row[],
  unheard: readonly string[],
): Promise<readonly Row[]> {
  const all = table('AgentSweepInfo');
  const older = await askInParts(asked, unheard, (ids) =>
    countSweeps(where(all, isIn(all, 'DeviceId', ids))),
  );
  return askInParts(asked, [...counts, ...older], (some) => {
    const ids = some.map(({ DeviceId }) => textOf(DeviceId));
    const times = [...new Set(some.map(({ Last }) => ticksOf(Last)))];
    // A few rows of other sweeps are among them: newestByDevice() chooses.
    return withFacts(where(all, isIn(all, 'ReceivedTime', times), isIn(all, 'DeviceId', ids)));
  });
}
