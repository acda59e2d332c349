import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import { type DeviceView, statesOf } from '../devices/device-view.ts';
import { age, byUrgency, countStates, deviceWords } from '../devices/fleet-words.ts';
import { wrap } from './notes.ts';
import { toTable } from './table.ts';

/** Devices whose states are told in words below the table. */
const MOST_TOLD = 50;
/** Characters of a name in the table, so that it fits into 80 columns; below it and in json it is whole. */
const NAME_WIDTH = 24;
const STATES_WIDTH = 23;
const VERSION_WIDTH = 8;

export interface DeviceTableOptions {
  /** 100 ns ticks: ages are counted from it. */
  readonly now: bigint;
  /** As it was asked: 2d. */
  readonly silentAfter: string;
  /** Of a line. */
  readonly width: number;
}

/** The fleet for a person: a line a device, the ones to look at first, then in words why. */
export function deviceTable(devices: readonly DeviceView[], options: DeviceTableOptions): string {
  if (devices.length === 0)
    return 'No device has sent anything to this collector yet: certsweep scan --collector sends, import reads files.\n';
  const sorted = [...devices].sort(byUrgency);
  const names = ['Device', 'Contact', 'Swept', 'Agent', 'Flagged', 'State'];
  const rows = sorted.map((device) => [
    shorten(printable(device.name || device.id), NAME_WIDTH),
    ago(device.lastContact, options.now),
    device.lastSweep ? ago(device.lastSweep.end, options.now) : 'never',
    shorten(printable(device.lastSweep?.agentVersion ?? ''), VERSION_WIDTH),
    device.lastSweep?.flagged?.toString() ?? '?',
    shortStates(statesOf(device)),
  ]);
  const columns = names.map((name) => ({ name, type: 'string' }) as const);
  return [
    wrap(fleetLine(devices), options.width),
    '',
    toTable({ columns, rows }, options.width),
    ...told(sorted, options),
  ].join('\n');
}

function fleetLine(devices: readonly DeviceView[]): string {
  const counts = Object.entries(countStates(devices)).map(([state, count]) => `${count} ${state}`);
  const well = devices.filter((device) => statesOf(device).length === 0).length;
  const all = `${devices.length} ${devices.length === 1 ? 'device' : 'devices'}`;
  return `${all}: ${[`${well} well`, ...counts].join(', ')}.`;
}

function told(
  sorted: readonly DeviceView[],
  { silentAfter, width }: DeviceTableOptions,
): readonly string[] {
  const worth = sorted.filter((device) => statesOf(device).length > 0);
  const lines = worth.slice(0, MOST_TOLD).map((device) => {
    const last = `last contact ${toTheSecond(device.lastContact)}`;
    const head = `${printable(device.name)}\n  ${printable(device.id)}, ${last}`.trimStart();
    const words = deviceWords(device, silentAfter).map((each) =>
      wrap(each, width - 4)
        .split('\n')
        .map((line, index) => `${index === 0 ? '  ' : '    '}${line}`)
        .join('\n'),
    );
    return `${[head, ...words].join('\n')}\n`;
  });
  const more = worth.length - lines.length;
  return more > 0
    ? [...lines, `... and ${more} more devices to look at: --format json tells why.\n`]
    : lines;
}

function toTheSecond(ticks: bigint): string {
  return formatDatetime(ticks - (ticks % 10_000_000n));
}

/** By the device's clock, which may be ahead. */
function ago(time: bigint | null, now: bigint): string {
  if (time === null) return '?';
  const ms = (now - time) / 10_000n;
  return ms < 0n ? `+${age(-ms)}` : age(ms);
}

function shortStates(states: readonly string[]): string {
  if (states.length === 0) return 'ok';
  let text = states[0] ?? '';
  for (const [index, state] of states.slice(1).entries()) {
    const next = `${text} ${state}`;
    const isLast = index === states.length - 2;
    if (next.length + (isLast ? 0 : 2) > STATES_WIDTH) return `${text} …`;
    text = next;
  }
  return text;
}

function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
