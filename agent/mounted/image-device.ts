import { printable } from '../../parsers/record/printable.ts';
import type { RegistryHive } from '../../parsers/registry/registry-hive.ts';
import { defenderId, defenderValues } from '../defender-id.ts';
import {
  type Device,
  type DeviceOptions,
  hashedId,
  MACHINE_GUID,
  parseMachineId,
} from '../device.ts';
import { CommandError } from '../exit-status.ts';
import { findInside } from './find-inside.ts';
import { type HiveReading, numberOf, readHive, textOf } from './image-hive.ts';
import { imageHostName } from './image-host-name.ts';
import { hiveFile, type MountedImage } from './mounted-image.ts';
import { smallText } from './small-text.ts';

/** An id, and whether the hive it is from was not closed cleanly. */
export interface ImageDevice {
  readonly device: Device;
  readonly isDirty: boolean;
}

/**
 * The machine whose volume the image is: its name as it was given, its id as an agent on that machine would have it. Never
 * this machine's. Throws CommandError where no name was given, or where no id is found: the message says what to add.
 */
export function identifyImage(image: MountedImage, given: DeviceOptions): ImageDevice {
  const name = given.name ?? refuseWithoutName(image);
  if (given.id !== undefined)
    return { device: { id: given.id, idSource: 'option', name }, isDirty: false };
  return image.top === '/' ? posixDevice(image, name) : windowsDevice(image, name);
}

function windowsDevice(image: MountedImage, name: string): ImageDevice {
  const file = hiveFile(image, 'SOFTWARE');
  if (file === undefined)
    throw noId(image, 'it has no Windows\\System32\\config\\SOFTWARE, the registry with its id');
  const reading: HiveReading<Omit<Device, 'name'> | undefined> = readHive(file, idOf);
  if (reading.kind === 'unreadable') throw noId(image, `${image.paths.show(file)}: ${reading.why}`);
  if (reading.value === undefined)
    throw noId(image, `${image.paths.show(file)} holds no MachineGuid`);
  return { device: { ...reading.value, name }, isDirty: reading.isDirty };
}

function idOf({ root }: RegistryHive): Omit<Device, 'name'> | undefined {
  const read = ({ key, name }: { key: string; name: string }) => root.key(key)?.value(name);
  const { onboarded, id } = defenderValues;
  const defender = defenderId(numberOf(read(onboarded)), textOf(read(id)));
  if (defender !== undefined) return { id: defender, idSource: 'defender' };
  const machineGuid = textOf(read(MACHINE_GUID));
  return machineGuid === undefined
    ? undefined
    : { id: hashedId(machineGuid), idSource: 'machine-id' };
}

function posixDevice(image: MountedImage, name: string): ImageDevice {
  const id = parseMachineId(smallText(findInside(image.folder, 'etc', 'machine-id')) ?? '');
  if (id === undefined) throw noId(image, 'it has no /etc/machine-id with an id');
  return { device: { id: hashedId(id), idSource: 'machine-id', name }, isDirty: false };
}

function refuseWithoutName(image: MountedImage): never {
  const found =
    image.top === '/'
      ? smallText(findInside(image.folder, 'etc', 'hostname'))
      : imageHostName(image);
  const hint = found ? `; its own files say ${printable(found)}` : '';
  throw new CommandError(
    `--image-root: add --device-name NAME, the host whose disk this is${hint}`,
  );
}

function noId({ folder }: MountedImage, why: string): CommandError {
  return new CommandError(
    `--image-root ${printable(folder)}: ${printable(why)}: give --device-id, 40 hex digits`,
  );
}
