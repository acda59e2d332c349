import type { QueryResult } from '../../parsers/kql/plan.ts';
import { printable } from '../../parsers/record/printable.ts';
import { UsageError } from '../usage-error.ts';
import { textOf } from './ask.ts';

export interface Device {
  readonly id: string;
  readonly name: string;
}

/** Devices that a message lists one by one. */
const LISTED = 20;

/**
 * The device of an answer, or of the `others` that have look-alikes, that `wanted` names: its DeviceId, its name, or the
 * first label of its name; names in any case. UsageError where there is none or where there are several, with the ids to
 * choose from.
 */
export function findDevice(
  answer: QueryResult,
  wanted: string,
  names: ReadonlyMap<string, string>,
  others: readonly Device[] = [],
): Device {
  const found = devicesOf(answer);
  const ids = new Set(found.map(({ id }) => id));
  return choose([...found, ...others.filter(({ id }) => !ids.has(id))], wanted, names);
}

function choose(
  devices: readonly Device[],
  wanted: string,
  names: ReadonlyMap<string, string>,
): Device {
  const word = wanted.toLowerCase();
  const found =
    devices.find(({ id }) => id.toLowerCase() === word) ??
    only(
      devices.filter(({ name }) => name.toLowerCase() === word),
      wanted,
    ) ??
    only(
      devices.filter(({ name }) => name.toLowerCase().split('.')[0] === word),
      wanted,
    );
  if (found) return found;
  const isKnown = [...names].some(([id, name]) => id === word || name.toLowerCase() === word);
  throw new UsageError(
    `${printable(wanted)} is not among the devices that the rule finds in this window` +
      (isKnown ? ', though it has reported: --from and --to move the window' : '') +
      (devices.length > 0 ? `. These are:\n${listed(devices)}` : '. It finds none'),
  );
}

/** Devices of the answer, under the last of its names where one has several. */
function devicesOf({ columns, rows }: QueryResult): readonly Device[] {
  const [id, name] = ['DeviceId', 'DeviceName'].map((wanted) =>
    columns.findIndex((column) => column.name === wanted),
  ) as [number, number];
  if (id < 0)
    throw new UsageError(
      '--evidence needs a rule whose answer has a column DeviceId: this has none',
    );
  const byId = new Map(rows.map((row) => [textOf(row[id]), textOf(row[name])]));
  return [...byId].map(([deviceId, deviceName]) => ({ id: deviceId, name: deviceName }));
}

function only(devices: readonly Device[], wanted: string): Device | undefined {
  const [first, ...more] = devices;
  if (first && more.length > 0)
    throw new UsageError(
      `${printable(wanted)} is the name of ${devices.length} devices, choose one by its DeviceId:\n${listed(devices)}`,
    );
  return first;
}

function listed(devices: readonly Device[]): string {
  const lines = devices
    .slice(0, LISTED)
    .map(({ id, name }) => `  ${printable(id)}  ${printable(name)}`);
  const more = devices.length - lines.length;
  return [...lines, ...(more > 0 ? [`  ... and ${more} more`] : [])].join('\n');
}
