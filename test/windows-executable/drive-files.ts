import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every file below `folder`, and what would differ if somebody had written to it. */
export type DriveFiles = ReadonlyMap<string, string>;

export function listFiles(folder: string): DriveFiles {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const { size, mtimeMs, ino } = statSync(file);
        return [path.relative(folder, file), `${size} ${mtimeMs} ${ino}`];
      }),
  );
}

/** Paths of what is new, changed or gone. */
export function changedFiles(before: DriveFiles, after: DriveFiles): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((file) => before.get(file) !== after.get(file)).toSorted();
}
