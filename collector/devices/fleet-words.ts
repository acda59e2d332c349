import { printable } from '../../parsers/record/printable.ts';
import {
  CLOCK_TOLERANCE_MS,
  DEVICE_STATES,
  type DeviceState,
  type DeviceView,
  type StaleThing,
  statesOf,
} from './device-view.ts';

/** How many devices are in each state, in the order in which states are told; only those that occur. */
export function countStates(
  devices: readonly DeviceView[],
): Readonly<Partial<Record<DeviceState, number>>> {
  const counts: Partial<Record<DeviceState, number>> = {};
  for (const state of DEVICE_STATES) {
    const count = devices.filter((device) => statesOf(device).includes(state)).length;
    if (count > 0) counts[state] = count;
  }
  return counts;
}

/** A device with the worst state first, then by name; those that are well come last. */
export function byUrgency(one: DeviceView, other: DeviceView): number {
  const [first, second] = [urgency(one), urgency(other)];
  return first - second || one.name.localeCompare(other.name, 'en') || (one.id < other.id ? -1 : 1);
}

/** What somebody should know of a device, each state in a sentence; empty where all is well. */
export function deviceWords(device: DeviceView, silentAfter: string): readonly string[] {
  const { cloneEvidence, lastSweep, silent, stale, clockSkewMs, partlyRead } = device;
  const states = statesOf(device);
  return [
    ...cloneEvidence.map(({ words, strength }) =>
      printable(`${strength === 'strong' ? 'cloned' : 'perhaps cloned'}: ${words}`),
    ),
    ...(silent ? [`silent: nothing has come from it for ${silentAfter}`] : []),
    ...(states.includes('unswept')
      ? ['unswept: it has sent no sweep row, so that nobody knows whether its records are all']
      : []),
    ...(lastSweep?.gaps ?? []).map((gap) => printable(`incomplete: ${gap}`)),
    ...stale.map((thing) => `stale: ${STALE_WORDS[thing]}`),
    ...(states.includes('clock') ? [`clock: ${skewWords(clockSkewMs ?? 0n)}`] : []),
    ...(partlyRead
      ? ['unread: it has sent so many sweeps lately that at most the newest were looked at']
      : []),
  ];
}

function urgency(device: DeviceView): number {
  const [worst] = statesOf(device);
  return worst === undefined ? DEVICE_STATES.length : DEVICE_STATES.indexOf(worst);
}

const STALE_WORDS: Readonly<Record<StaleThing, string>> = {
  rules: 'its rules are not those of most devices',
  roots: 'its roots are not those of most devices with roots from the same source',
  agent: 'its agent is not of the version that most devices run',
};

function skewWords(skewMs: bigint): string {
  const [size, side] = skewMs < 0n ? [-skewMs, 'behind that'] : [skewMs, 'ahead'];
  return `${age(size)} ${side} of the collector's at its last contact; up to ${CLOCK_TOLERANCE_MS / 60_000n} minutes are not told`;
}

/** A time in milliseconds in its largest whole unit, as 3d, 12h, 5m or 7s. */
export function age(milliseconds: bigint): string {
  const [unit, length] = UNITS.find(([, each]) => milliseconds >= each) ?? (['s', 1_000n] as const);
  return `${milliseconds / length}${unit}`;
}

const UNITS = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
] as const;
