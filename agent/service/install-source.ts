import { realpathSync } from 'node:fs';
import { isSea } from 'node:sea';
import { CommandError } from '../exit-status.ts';
import type { InstallSource } from './install-target.ts';

/** What is running now, as an installation would start it. Throws CommandError for a checkout unless `fromSource`. */
export function runningProgram(fromSource: boolean): InstallSource {
  if (isSea()) return { kind: 'executable', path: process.execPath };
  if (!fromSource)
    throw new CommandError(
      'this is a source checkout, and `install` copies the packaged executable: build it with `npm run package` and run `dist/certsweep-linux-x64 install` (or `certsweep-win-x64.exe`), or give --from-source to start this checkout from where it is',
    );
  return {
    kind: 'checkout',
    node: realpathSync(process.execPath),
    script: realpathSync(process.argv[1] ?? ''),
  };
}

/** The files of what is running: who can write them decides what it does. */
export function programFiles(source: InstallSource): string[] {
  return source.kind === 'executable' ? [source.path] : [source.node, source.script];
}
