import { realpathSync, type Stats, statSync } from 'node:fs';
import { fsPath } from '../walk/disk-path.ts';
import { linuxAutostart } from './linux-autostart.ts';
import { linuxProcesses } from './linux-processes.ts';
import type { LiveContext } from './live-context.ts';
import { windowsContext } from './windows-context.ts';

/** Looks at this machine once. Never throws for what the machine refuses: that is `missing`. */
export async function gatherLiveContext(): Promise<LiveContext> {
  if (process.platform === 'win32') return windowsContext();
  if (process.platform === 'linux') return linuxContext();
  return {
    status: 'partial',
    missing: [`live context is not known on ${process.platform}`],
    of: () => ({ RunningProcesses: null, AutostartEntries: null }),
  };
}

/** `root` is where proc, etc and usr are found: another folder than `/` in tests only. */
export function linuxContext(root = '/'): LiveContext {
  const processes = linuxProcesses(root);
  const autostart = linuxAutostart(root);
  const missing = [...processes.missing, ...autostart.missing];
  return {
    status: missing.length === 0 ? 'complete' : 'partial',
    missing,
    of(path) {
      const file = identify(path);
      if (file === undefined) return { RunningProcesses: [], AutostartEntries: [] };
      return {
        RunningProcesses: processes.of(file).map((found) => ({ ...found })),
        AutostartEntries: autostart.of(file).map((found) => ({ ...found })),
      };
    },
  };
}

/** undefined for a file that has gone since it was read. */
function identify(path: string): { realPath: string; stats: Stats } | undefined {
  try {
    return { realPath: realpathSync.native(fsPath(path)), stats: statSync(fsPath(path)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
