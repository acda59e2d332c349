import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { RuleFileSystem } from '../parsers/rules/rule-files.ts';

/** The machine's own. Errors are those of the operating system. */
export const ruleFileSystem: RuleFileSystem = {
  kindOf(place) {
    const stats = statSync(place, { throwIfNoEntry: false });
    return stats && kindOf(stats);
  },
  list(folder) {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      path: path.join(folder, entry.name),
      kind: kindOf(entry),
    }));
  },
  read(file, maxBytes) {
    const bytes = new Uint8Array(maxBytes + 1);
    const descriptor = openSync(file, 'r');
    try {
      let length = 0;
      for (let read = -1; read !== 0 && length < bytes.length; length += read)
        read = readSync(descriptor, bytes, length, bytes.length - length, length);
      return bytes.slice(0, length);
    } finally {
      closeSync(descriptor);
    }
  },
};

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory'>): 'file' | 'folder' | 'other' {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}
