import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sweepScope, wholeFileSystems } from '../../../agent/report/expected-entries.ts';
import { progressText, showProgress } from '../../../agent/report/progress.ts';
import { SweepTally } from '../../../agent/report/sweep-tally.ts';
import { SweepState } from '../../../agent/state/sweep-state.ts';
import { peBytes } from '../pe-bytes.ts';
import { agentFile, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();

describe('the time to go', () => {
  const tally = new SweepTally(() => {});
  tally.entries = 1000;

  test.each([
    { name: 'is not made up', seconds: 10, expected: undefined, text: '' },
    { name: 'follows the rate', seconds: 10, expected: 4000, text: ', 25 %, about 30 s left' },
    { name: 'is in minutes', seconds: 60, expected: 11_000, text: ', 9 %, about 10 min left' },
    { name: 'waits for a rate', seconds: 4, expected: 4000, text: '' },
    { name: 'ends where there are more entries', seconds: 10, expected: 1000, text: '' },
  ])('$name', ({ seconds, expected, text }) => {
    expect(progressText(tally, seconds, expected)).toBe(
      `0 files (0/s)${text}, 0 flagged, 0 not read, 0 images (0 MB/s)`,
    );
  });
});

describe('with a state the entries of the last sweep are known', () => {
  const options = { paths: ['/srv'], threads: 1, unsigned: true };
  const state = (work: (state: SweepState) => void) => {
    const opened = SweepState.open(path.join(folder, 'state'));
    work(opened);
    opened.close();
  };

  test('to a sweep of the same scope only', () => {
    const scope = sweepScope(options);
    expect(sweepScope({ ...options, paths: ['/srv/'], threads: 4 })).toBe(scope);
    for (const other of [{ paths: ['/'] }, { exclude: ['x'] }, { network: true }])
      expect(sweepScope({ ...options, ...other })).not.toBe(scope);
    state((first) => {
      expect(first.lastEntries(scope)).toBeUndefined();
      first.noteEntries(scope, 12);
      first.settle(true);
    });
    state((second) => {
      expect(second.lastEntries(scope)).toBe(12);
      second.noteEntries('another', 13);
      second.settle(true);
    });
    state((third) => expect(third.lastEntries(scope)).toBeUndefined());
  });

  test('from a scan', { timeout: 60_000 }, async () => {
    const tree = path.join(folder, 'swept');
    writeTree(tree, { 'a/b.txt': 'text', c: '' });
    await runAgent(['scan', tree, '--state', path.join(folder, 'state')]);
    const scope = sweepScope({ ...options, paths: [tree], defaultExcludes: true });
    state((after) => expect(after.lastEntries(scope)).toBe(3));
  });
});

describe('in a log', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test('there is a line every 30 seconds, and none of a short sweep', () => {
    vi.useFakeTimers({ now: 0 });
    const lines: unknown[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(text) > 0);
    const tally = new SweepTally(() => {});
    const progress = showProgress(tally, 0);
    vi.advanceTimersByTime(29_000);
    progress.hide();
    expect(lines).toEqual([]);
    tally.files = 300;
    vi.advanceTimersByTime(2_000);
    progress.end();
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([
      'certsweep: 300 files (10/s), 0 flagged, 0 not read, 0 images (0 MB/s)\n',
    ]);
  });
});

test('only a file system mounted from its own top, which counts its inodes, says how many entries there are', () => {
  const mounts = [
    '28 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
    '29 28 253:1 / /data rw - xfs /dev/vdb rw',
    '30 28 253:1 /sub /bind rw - xfs /dev/vdb rw',
    '31 28 0:25 / /proc rw - proc proc rw',
    '32 28 0:26 / /overlay rw - overlay overlay rw,lowerdir=/a',
    '33 28 253:2 / /hidden rw - ext4 /dev/vdc rw',
    '34 33 0:27 / /hidden rw - tmpfs tmpfs rw',
    '',
  ].join('\n');
  expect(wholeFileSystems(mounts)).toEqual(new Set(['/', '/data']));
});

/** util-linux gives a program a terminal of its own and writes down what it got. */
function haveScript(): boolean {
  if (spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux'))
    return true;
  const message =
    'certsweep: script of util-linux is not installed: tests on a terminal are LEFT OUT';
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}

describe.runIf(haveScript())('on a terminal', () => {
  const tree = path.join(folder, 'tree');
  const fixture = path.join(
    import.meta.dirname,
    '../../../fixtures/pe/glavsoft-sha256-rfc3161.exe',
  );
  writeTree(tree, { 'a.exe': peBytes(), 'tvn.exe': readFileSync(fixture) });
  const MINUTE = 60_000;
  const RED = '\u001b[31m';

  /** Standard output and error as one, as a person sees them. */
  async function seen(args: string, env: Record<string, string>): Promise<string> {
    const { NO_COLOR, FORCE_COLOR, CI, ...rest } = process.env; // each of them decides on colours
    const command = `${process.execPath} ${agentFile} scan ${tree} ${args}`;
    const { stdout } = await promisify(execFile)('script', ['-qc', command, '/dev/null'], {
      env: { ...rest, TERM: 'xterm-256color', ...env },
    });
    return stdout;
  }

  test.each([
    { name: 'colours the flag and the count', env: {}, hasColour: true },
    { name: 'keeps to NO_COLOR', env: { NO_COLOR: '1' }, hasColour: false },
    { name: 'keeps to TERM=dumb', env: { TERM: 'dumb' }, hasColour: false },
    { name: 'keeps to FORCE_COLOR=0', env: { FORCE_COLOR: '0' }, hasColour: false },
  ])(
    'a scan $name, and says the same in words',
    { timeout: MINUTE },
    async ({ env, hasColour }) => {
      const text = await seen('', env as Record<string, string>);
      expect(text.includes(RED)).toBe(hasColour);
      expect(text).toContain('Flagged: 1');
      expect(text).toContain('not judged');
      expect(text).toMatch(/flagged {5}1/);
    },
  );

  test('a quiet scan shows its table and nothing else', { timeout: MINUTE }, async () => {
    const text = await seen('--quiet', { NO_COLOR: '1' });
    expect(text).toContain('Flagged: 1');
    expect(text).not.toContain('examined');
    expect(text).not.toContain('\u001b');
  });

  test('a file that is asked for gets no colour', { timeout: MINUTE }, async () => {
    const out = path.join(folder, 'out.table');
    await seen(`--out ${out}`, { FORCE_COLOR: '1' });
    expect(readFileSync(out, 'utf8')).toContain('Flagged: 1');
    expect(readFileSync(out, 'utf8')).not.toContain('\u001b');
  });
});
