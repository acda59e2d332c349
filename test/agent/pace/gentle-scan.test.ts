import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const tree = path.join(folder, 'tree');
const MEGABYTES = 6;
writeTree(
  tree,
  Object.fromEntries(
    Array.from({ length: MEGABYTES }, (_, index) => [`${index}.exe`, peBytes({ size: 1e6 })]),
  ),
);

/** What the sweep row says, and how long the sweep took. */
async function sweepOf(...options: string[]) {
  const out = path.join(folder, 'out.ndjson');
  const output = ['--format', 'ndjson', '--out', out, '--fail-on', 'never'];
  const { status } = await runAgent(['scan', tree, ...output, ...options]);
  const row = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
  const milliseconds = Date.parse(row.EndTime ?? '') - Date.parse(row.StartTime ?? '');
  return { status, row, milliseconds };
}

if (process.platform !== 'linux')
  console.warn('certsweep: signals and priorities are tested on Linux only: LEFT OUT');

describe('scan', () => {
  test.each([{ threads: [] }, { threads: ['--threads', '3'] }])(
    'reads no faster than --io-limit, however many threads read ($threads)',
    async ({ threads }) => {
      const { status, row, milliseconds } = await sweepOf('--io-limit', '3', ...threads);
      expect(status).toBe(0);
      expect(row).toMatchObject({ Images: MEGABYTES, Bytes: MEGABYTES * 1e6, Complete: true });
      // 2 s at the limit; half a second of it and the last piece of each thread may be ahead
      expect(milliseconds).toBeGreaterThan(1300);
    },
    60_000,
  );

  test.skipIf(process.platform !== 'linux')(
    'ends at once where it is stopped while it pauses, and what was read is written',
    async () => {
      const { status, stderr } = await runAgent(['scan', tree, '--io-limit', '1'], {
        onStart: (child) => whileItReads(child, () => child.kill('SIGINT')),
      });
      expect(status).toBe(130);
      expect(stderr).toMatch(/examined +[0-5] files/);
    },
    60_000,
  );

  test.skipIf(process.platform !== 'linux')(
    'in the background has all of its threads at the lowest priority',
    async () => {
      let priorities: string[] = [];
      let io = 'idle';
      await runAgent(['scan', tree, '--background', '--io-limit', '2'], {
        onStart: (child) =>
          whileItReads(child, () => {
            const tasks = `/proc/${child.pid}/task`;
            priorities = readdirSync(tasks).map((thread) => niceOf(`${tasks}/${thread}/stat`));
            if (existsSync(IONICE))
              io = execFileSync(IONICE, ['-p', `${child.pid}`], { encoding: 'utf8' });
          }),
      });
      expect(priorities.length).toBeGreaterThan(2);
      expect(new Set(priorities)).toEqual(new Set(['19']));
      expect(io.trim()).toBe('idle');
    },
    60_000,
  );
});

const IONICE = '/usr/bin/ionice';

/** Calls `act` once the agent has a file of the tree open. */
async function whileItReads(child: ChildProcess, act: () => void): Promise<void> {
  while (child.exitCode === null) {
    if (openFiles(child).some((file) => file.startsWith(tree))) return act();
    await setTimeout(20);
  }
}

function openFiles({ pid }: ChildProcess): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((descriptor) => {
    try {
      return readlinkSync(path.join(folder, descriptor));
    } catch {
      return []; // closed since
    }
  });
}

/** Field 19 of proc_pid_stat(5), counted from behind the name. */
function niceOf(stat: string): string {
  return (
    readFileSync(stat, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ')[16] ?? ''
  );
}
