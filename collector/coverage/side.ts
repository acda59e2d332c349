/** The two sides of the comparison: what agents saw, and what was exported. */
export type Side = 'agent' | 'export';

/** A device of one side, and what its rows come to. Times are 100 ns ticks, null before the first row. */
export interface SideDevice {
  /** Place in its side's list. */
  readonly index: number;
  /** '' where no row tells it. */
  readonly id: string;
  /** The last name that was read; '' where no row tells it. */
  name: string;
  /** Other names under the same id, the first few: a renamed device, or two with one id. */
  readonly otherNames: string[];
  /** The agent's DeviceIdSource; '' of an export. */
  readonly source: string;
  rows: number;
  /** Of these, rows in the common window. */
  rowsInWindow: number;
  first: bigint | null;
  last: bigint | null;
}

/** Devices of a side; more are refused, since their list is held in memory. */
const MOST_DEVICES = 200_000;
/** Of a device with more names than these only so many are kept. */
const MOST_NAMES = 5;

/** More devices than can be compared. */
export class TooManyDevicesError extends Error {
  override readonly name = 'TooManyDevicesError';
}

/** The devices of a side: by DeviceId, without regard to case, and by name where a row has no id. */
export class DeviceList {
  readonly all: SideDevice[] = [];
  readonly #byKey = new Map<string, SideDevice>();

  /** The device of a row. */
  find(id: string, name: string, source = ''): SideDevice {
    const lowerId = id.toLowerCase();
    const key = lowerId === '' ? `name ${name.toLowerCase()}` : `id ${lowerId}`;
    const known = this.#byKey.get(key);
    if (known) {
      if (name !== '' && name !== known.name) rename(known, name);
      return known;
    }
    if (this.all.length === MOST_DEVICES)
      throw new TooManyDevicesError(
        `more than ${MOST_DEVICES} devices: compare a shorter time, or fewer devices`,
      );
    const device: SideDevice = {
      index: this.all.length,
      id: lowerId,
      name,
      otherNames: [],
      source,
      rows: 0,
      rowsInWindow: 0,
      first: null,
      last: null,
    };
    this.#byKey.set(key, device);
    this.all.push(device);
    return device;
  }
}

/** Counts a row of `device`. */
export function countRow(device: SideDevice, ticks: bigint, isInWindow: boolean): void {
  device.rows += 1;
  if (isInWindow) device.rowsInWindow += 1;
  if (device.first === null || ticks < device.first) device.first = ticks;
  if (device.last === null || ticks > device.last) device.last = ticks;
}

function rename(device: SideDevice, name: string): void {
  const { name: old, otherNames } = device;
  if (old.toLowerCase() !== name.toLowerCase() && old !== '' && !otherNames.includes(old)) {
    if (otherNames.length < MOST_NAMES) otherNames.push(old);
  }
  device.name = name;
}
