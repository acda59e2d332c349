import { copyFileSync, linkSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { fakeCollector } from '../agent/fake-collector.ts';
import { temporaryFolder } from '../agent/temporary-folder.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';
import { HeldScan } from './held-scan.ts';
import { writeImages } from './many-images.ts';
import { recordFacts } from './record-facts.ts';
import { runExecutable } from './run-executable.ts';

describe.skipIf(!canRunExecutable())('the Linux executable', () => {
  const FILES = 12_000;
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const scan = ['scan', at('tree'), '--format', 'ndjson', '--threads', '2', '--quiet'];
  let executable = '';
  let whole: readonly string[] = [];

  beforeAll(async () => {
    writeImages(at('tree'), FILES);
    executable = await builtExecutable();
    whole = recordFacts((await runExecutable(executable, scan)).stdout);
    expect(whole).toHaveLength(FILES);
  });

  /** Ends the scan by `signal` when the first records have come to a collector: some are reported, most are not yet. */
  async function endedInTheMiddle(signal: NodeJS.Signals, args: readonly string[]) {
    let end = () => {};
    const collector = await fakeCollector(() => {
      end();
      end = () => {}; // a second SIGTERM would cut off what the first one lets it finish
    });
    const run = await runExecutable(executable, [...args, '--collector', collector.url], {
      onStart: (child) => {
        end = () => child.kill(signal);
      },
    });
    await collector.close();
    return { run, sent: collector.rows('AgentFileCertificateInfo') };
  }

  test('killed in mid scan leaves no file that looks whole, and the next start says what it found', async () => {
    const out = at('killed.ndjson');
    const args = [...scan, '--state', at('killed-state'), '--out', out];
    const { run } = await endedInTheMiddle('SIGKILL', args);
    expect(run).toMatchObject({ status: null, stderr: '' });
    const parts = readdirSync(folder).filter((name) => name.startsWith('killed.ndjson'));
    expect(parts).toEqual([expect.stringMatching(/^killed\.ndjson\.[0-9a-f]{8}\.part$/)]);

    const next = await runExecutable(executable, args);
    expect(next.status).toBe(0);
    const [unfinished = '', left] = next.stderr.split('\n');
    expect(unfinished).toMatch(
      /^certsweep: the last sweep with this state, begun \S+Z, did not come to its end: files that it had not reported are read again$/,
    );
    expect(left).toBe(
      `certsweep: ${at(parts[0] ?? '')} was left by a scan that was killed, or that still runs: it is no whole report`,
    );
    expect(recordFacts(readFileSync(out, 'utf8'))).toEqual(whole);
    const row = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(row).toMatchObject({ Complete: true, Interrupted: false, Records: FILES });

    rmSync(at(parts[0] ?? ''));
    expect(await runExecutable(executable, args)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('killed in mid scan sends what waits with the next one', async () => {
    const args = [...scan, '--state', at('spool-state'), '--out', at('spool.ndjson')];
    await endedInTheMiddle('SIGKILL', args);
    const collector = await fakeCollector();
    const next = await runExecutable(executable, [...args, '--collector', collector.url]);
    await collector.close();
    expect(next.status).toBe(0);
    const rows = collector.rows('AgentFileCertificateInfo').map((row) => JSON.stringify(row));
    // Everything of the second sweep, and of the first what was on disk and not acknowledged.
    expect(new Set(recordFacts(rows.join('\n')))).toEqual(new Set(whole));
    expect(collector.rows('AgentSweepInfo')).toMatchObject([{ Complete: true }]);
  });

  test('told to end writes and sends what it has found', async () => {
    const out = at('ended.ndjson');
    const { run, sent } = await endedInTheMiddle('SIGTERM', [...scan, '--out', out]);
    expect(run.status).toBe(130);
    const found = recordFacts(readFileSync(out, 'utf8'));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(FILES);
    expect(whole).toEqual(expect.arrayContaining(found));
    expect(sent).toHaveLength(found.length);
    const row = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(row).toMatchObject({ Complete: false, Interrupted: true, Records: found.length });
  });

  test.each([
    { name: 'deleted', change: (file: string) => rmSync(file) },
    { name: 'replaced by another file', change: replace },
  ])('$name while it runs comes to its end all the same', async ({ name, change }) => {
    const file = at(`running ${name}`);
    linkSync(executable, file);
    const held = new HeldScan(file, [...scan, '--threads', '4', '--state', at(`state ${name}`)]);
    await held.started();
    change(file);
    const run = await held.finish();
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(recordFacts(run.stdout)).toEqual(whole);
  });

  /** As an update does: written beside it, renamed into its place. */
  function replace(file: string): void {
    copyFileSync('/bin/true', `${file}.new`);
    renameSync(`${file}.new`, file);
  }
});
