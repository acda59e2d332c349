import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { programBlob } from '../../build/package/build-package.ts';
import { writeLinuxExecutable } from '../../build/package/linux-executable.ts';
import { agent, type Program } from '../../build/package/programs.ts';
import { fetchRuntime } from '../../build/package/runtime.ts';

/** True on Linux. Elsewhere a loud line and skipped tests. */
export function canRunExecutable(): boolean {
  if (process.platform === 'linux' && process.arch === 'x64') return true;
  console.warn('certsweep: the Linux executable cannot run here: its tests are LEFT OUT');
  return false;
}

/** The Linux executable of `program`. The test file that asks first builds it, 110 MB; the others wait for that one. */
export async function builtExecutable(program: Program = agent): Promise<string> {
  const file = path.join(inject('buildFolder'), program.name);
  const failure = `${file}.failure`;
  if (isFirst(`${file}.lock`)) {
    try {
      const node = fetchRuntime('linux').executable;
      await writeLinuxExecutable(`${file}.part`, { node, blob: await programBlob(program) });
      renameSync(`${file}.part`, file);
    } catch (error) {
      writeFileSync(failure, String(error));
      throw error;
    }
  }
  while (!existsSync(file)) {
    if (existsSync(failure)) throw new Error(`not built: ${readFileSync(failure, 'utf8')}`);
    await sleep(100);
  }
  return file;
}

/** To make a folder succeeds for one alone. */
function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
