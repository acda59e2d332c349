import type { RegistryHive } from '../../parsers/registry/registry-hive.ts';
import { numberOf, readHive, textOf } from './image-hive.ts';
import { hiveFile, type MountedImage } from './mounted-image.ts';

/**
 * The full name that the SYSTEM hive of a Windows image gives its host; undefined where it cannot be read. A proposal for a
 * person: whoever owned the disk could write it.
 */
export function imageHostName(image: MountedImage): string | undefined {
  const file = hiveFile(image, 'SYSTEM');
  if (file === undefined) return undefined;
  const reading = readHive(file, hostNameIn);
  return reading.kind === 'value' ? reading.value : undefined;
}

/** CurrentControlSet is no key of the hive: Select\Current says which control set it stands for. */
function hostNameIn({ root }: RegistryHive): string | undefined {
  const current = numberOf(root.key('Select')?.value('Current')) ?? 1;
  const set = root.key(`ControlSet${String(current).padStart(3, '0')}`);
  const network = set?.key('Services\\Tcpip\\Parameters');
  const host =
    textOf(network?.value('Hostname')) ??
    textOf(set?.key('Control\\ComputerName\\ComputerName')?.value('ComputerName'));
  const domain = textOf(network?.value('Domain'));
  return host !== undefined && domain !== undefined ? `${host}.${domain}` : host;
}
