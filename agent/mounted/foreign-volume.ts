import { statSync } from 'node:fs';
import path from 'node:path';
import { printable } from '../../parsers/record/printable.ts';

/** As Windows and older Windows spell it. */
const CONFIG_FOLDERS = ['Windows/System32/config', 'WINDOWS/system32/config'];

/**
 * Warns of places that lie on a volume of Windows where this machine is none: records would say that this machine has
 * the files. Lines safe to print; none on Windows, whose own volume it most often is.
 */
export function foreignVolumes(places: readonly string[], platform = process.platform): string[] {
  if (platform === 'win32') return [];
  const volumes = new Set(places.flatMap((place) => volumeOf(path.resolve(place)) ?? []));
  return [...volumes].map((volume) => {
    const name = printable(volume);
    return `${name} is a volume of Windows, and its files are recorded as THIS machine's: --image-root ${name}`;
  });
}

function volumeOf(place: string): string | undefined {
  for (let at = place; ; at = path.dirname(at)) {
    if (CONFIG_FOLDERS.some((folder) => isFolder(path.join(at, folder)))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false; // not there, or not ours to see
  }
}
