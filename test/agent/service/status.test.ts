import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AgentStatus, agentStatus, statusText } from '../../../agent/service/agent-status.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import { fakeCollector } from '../fake-collector.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { unprivileged } from '../unprivileged.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const HOUR = 3_600_000;
const now = Date.UTC(2026, 4, 4, 12);
const iso = (ms: number) => new Date(ms).toISOString();

function facts(startMs: number) {
  const row = {
    StartTime: iso(startMs),
    EndTime: iso(startMs + HOUR),
    Complete: true,
    Files: 9,
    Flagged: 2,
  };
  return {
    nowMs: now,
    installed: true,
    state: '/var/lib/certsweep',
    history: {
      last: row as SweepRow,
      attempt: { startMs, endMs: startMs + HOUR, outcome: 'complete' },
    },
    spool: { batches: 0, rows: 0, oldestMs: null, refusedBatches: 0 },
    everyMs: 24 * HOUR,
    next: 'tomorrow',
  } as const;
}

describe('a status lists as a problem', () => {
  const good = facts(now - 2 * HOUR);
  test.each([
    { name: 'nothing where all is well', given: good, problems: [] },
    {
      name: 'that nothing is installed',
      given: { ...good, installed: false },
      problems: ['it is not installed'],
    },
    {
      name: 'a sweep that failed, and why',
      given: {
        ...good,
        history: { attempt: { startMs: now, endMs: now, outcome: 'failed', problem: 'no /x' } },
      } as const,
      problems: ['the last sweep failed: no /x'],
    },
    {
      name: 'a sweep that is overdue by an interval',
      given: facts(now - 49 * HOUR),
      problems: ['a sweep is overdue'],
    },
    {
      name: 'records that wait for more than an interval',
      given: {
        ...good,
        spool: { batches: 2, rows: 20, oldestMs: now - 25 * HOUR, refusedBatches: 0 },
      },
      problems: ['records have waited for the collector longer than from one sweep to the next'],
    },
    {
      name: 'batches that the collector refused',
      given: { ...good, spool: { batches: 0, rows: 0, oldestMs: null, refusedBatches: 3 } },
      problems: ['the collector refused 3 batches: see `certsweep ship --list`'],
    },
  ])('$name', ({ given, problems }) => {
    expect(agentStatus(given).problems).toEqual(problems);
  });

  test('and says it to a person', () => {
    const spool = { batches: 2, rows: 20, oldestMs: now - 25 * HOUR, refusedBatches: 0 };
    const attempt = { startMs: now - HOUR };
    const history = { ...good.history, attempt };
    expect(statusText(agentStatus({ ...good, spool, history }))).toBe(
      [
        'installed   yes',
        'state       /var/lib/certsweep',
        'last sweep  2026-05-04T11:00:00.000Z, complete: 9 files, 2 flagged records',
        'last start  2026-05-04T11:00:00.000Z, unfinished',
        'next sweep  tomorrow',
        'unsent      20 rows in 2 batches, the oldest of 2026-05-03T11:00:00.000Z',
        'PROBLEM     records have waited for the collector longer than from one sweep to the next',
        '',
      ].join('\n'),
    );
  });
});

describe('status', { timeout: 120_000 }, () => {
  const tree = path.join(folder, 'tree');
  writeTree(tree, { 'a.txt': 'text' });

  test('shows what a sweep left in the state folder, and changes nothing there', async () => {
    const home = path.join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const down = await fakeCollector();
    await down.close();
    const config = writeConfig(home, down, `paths: ["${tree}"]\n`);
    const before = await runAgent(['status', '--config', config]);
    expect(before.stdout).toContain('last sweep  none has run to its end yet');
    expect(readdirSync(home)).toEqual(['config.yaml']);

    expect(await new ServiceProcess(['--once', '--config', config]).ended()).toBe(2);
    const args = ['status', '--config', config, '--format', 'json'];
    const { status, stdout } = await runAgent(args);
    expect(status).toBe(0);
    const shown = JSON.parse(stdout) as AgentStatus;
    expect(shown).toMatchObject({
      installed: null,
      state: path.join(home, 'state'),
      lastSweep: { complete: true, files: 1, flagged: 0 },
      lastAttempt: { outcome: 'complete', problem: null },
      unsent: { batches: 1, rows: 1, refusedBatches: 0 },
      problems: [],
    });
    const start = Date.parse(shown.lastSweep?.start ?? '');
    expect(Date.parse(shown.next ?? '') - start).toBe(24 * HOUR);
  });

  test('ends with 1 where something is wrong', async () => {
    const home = path.join(folder, 'failed');
    mkdirSync(home, { mode: 0o700 });
    const config = writeConfig(home, { url: 'http://127.0.0.1:1' }, 'paths: [/nonexistent/x]\n');
    expect(await new ServiceProcess(['--once', '--config', config]).ended()).toBe(2);
    const { status, stdout } = await runAgent(['status', '--config', config]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^PROBLEM +the last sweep failed: .*\/nonexistent\/x/m);
  });

  test('says that it may not look, rather than that nothing is there', async () => {
    const home = path.join(folder, 'closed');
    mkdirSync(path.join(home, 'state'), { recursive: true });
    const config = writeConfig(home, { url: 'http://127.0.0.1:1' }, 'paths: [/]\n');
    chmodSync(config, 0o644);
    chmodSync(path.join(home, 'state'), 0);
    const run = await runAgent(['status', '--config', config], { through: unprivileged() });
    chmodSync(path.join(home, 'state'), 0o700);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain('EACCES; ask as the user that runs the agent');
  });

  test('a state folder with a history that is none is one without', async () => {
    const home = path.join(folder, 'odd');
    mkdirSync(path.join(home, 'state'), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(home, 'state', 'last-sweep.json'), '{"format": 3');
    const config = writeConfig(home, { url: 'http://127.0.0.1:1' }, 'paths: [/]\n');
    const { status, stdout } = await runAgent(['status', '--config', config]);
    expect(status).toBe(0);
    expect(stdout).toContain('none has run to its end yet');
  });
});
