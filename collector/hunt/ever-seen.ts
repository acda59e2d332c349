import type { QueryResult } from '../../parsers/kql/plan.ts';
import { type Asked, ask, textOf, ticksOf } from './ask.ts';
import { jsonContains, summarize, table, where } from './plan-parts.ts';

/** The first and last sighting of anything that a rule flags on a device. They outlive retention by age. */
export interface EverSeen {
  readonly deviceName: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** By DeviceId. Empty for a rule by which no agent flags. */
export async function readEverSeen(
  asked: Asked,
  ruleId: string,
): Promise<ReadonlyMap<string, EverSeen>> {
  const sightings = table('AgentSightingInfo');
  const flagged = where(sightings, jsonContains(sightings, 'Rules', JSON.stringify(ruleId)));
  const aggregates = [
    ['First', 'min', 'FirstSeen'],
    ['Last', 'max', 'LastSeen'],
  ] as const;
  const seen = new Map<string, EverSeen>();
  for (const row of await ask(asked, summarize(flagged, aggregates, ['DeviceId', 'DeviceName']))) {
    const [id, first, last] = [textOf(row.DeviceId), ticksOf(row.First), ticksOf(row.Last)];
    const known = seen.get(id); // under an earlier name
    seen.set(id, {
      deviceName: known && known.last > last ? known.deviceName : textOf(row.DeviceName),
      first: known && known.first < first ? known.first : first,
      last: known && known.last > last ? known.last : last,
    });
  }
  return seen;
}

/**
 * The answer with EverFirstSeen after its own columns, which stay as they are: null where no agent has flagged anything on
 * that device. An answer without DeviceId, or with a column of that name, is left alone.
 */
export function addEverFirstSeen(
  result: QueryResult,
  seen: ReadonlyMap<string, EverSeen>,
): QueryResult {
  const device = deviceIdColumn(result);
  if (device === undefined || result.columns.some(({ name }) => name === 'EverFirstSeen'))
    return result;
  return {
    columns: [...result.columns, { name: 'EverFirstSeen', type: 'datetime' }],
    rows: result.rows.map((row) => [...row, seen.get(textOf(row[device]))?.first ?? null]),
  };
}

/** Those that are not in the answer, the last seen first. */
export function seenElsewhen(
  result: QueryResult,
  seen: ReadonlyMap<string, EverSeen>,
): readonly EverSeen[] {
  const device = deviceIdColumn(result);
  if (device === undefined) return [];
  const found = new Set(result.rows.map((row) => textOf(row[device])));
  return [...seen]
    .filter(([id]) => !found.has(id))
    .map(([, each]) => each)
    .sort((one, other) => (one.last < other.last ? 1 : one.last > other.last ? -1 : 0));
}

function deviceIdColumn({ columns }: QueryResult): number | undefined {
  const index = columns.findIndex(({ name }) => name === 'DeviceId');
  return index < 0 ? undefined : index;
}
