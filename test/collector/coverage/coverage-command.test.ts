import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCollector, temporaryFolder } from '../collector-process.ts';
import { ndjson } from '../records.ts';
import { device, exportIdOf, idOf } from './planted-fleet.ts';
import { exportWriters } from './written-exports.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const data = path.join(folder, 'data');
const file = (name: string) => path.join(folder, name);
const coverage = (...args: string[]) => runCollector('coverage', ...args, '--data', data);

const [same, gaps] = [device('same'), device('gaps')];
const ours = exportWriters.find(({ format }) => format === 'ndjson');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file('agents.ndjson'), ndjson([...same.agent, ...gaps.agent]));
  const imported = await runCollector('import', file('agents.ndjson'), '--data', data);
  expect(imported.status, imported.stderr).toBe(0);
  writeFileSync(file('whole.ndjson'), ours?.write([...same.exported, ...gaps.exported]) ?? '');
  writeFileSync(
    file('gaps.ndjson'),
    ours?.write([...same.exported, ...gaps.exported.slice(1)]) ?? '',
  );
});

/** Of the time in which both sides have rows. */
const DAY = ['--from', '2026-07-01T00:00:00Z', '--to', '2026-07-03T12:00:00Z'];

test('a whole export has a recall of 100 %, and the table fits 80 columns', async () => {
  const { status, stdout, stderr } = await coverage(file('whole.ndjson'), ...DAY);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Recall: 100 %: of 2 rule × device/);
  expect(stdout).toContain('What this cannot prove:');
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('--fail-under', () => {
  test.each([
    { percent: '50', expected: 0 },
    { percent: '50.1', expected: 1 },
  ])('$percent of a recall of 50 %: exit status $expected', async ({ percent, expected }) => {
    const ran = await coverage(file('gaps.ndjson'), ...DAY, '--fail-under', percent);
    expect(ran.status, ran.stderr).toBe(expected);
    expect(ran.stdout).toContain('Recall: 50 %');
  });

  test.each(['101', 'all', '-1'])('%s is no share: exit status 2', async (percent) => {
    const ran = await coverage(file('gaps.ndjson'), `--fail-under=${percent}`);
    expect(ran).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--fail-under takes percent'),
    });
  });
});

test('csv has a row a difference, json all, and --out is readable by its owner only', async () => {
  const csv = await coverage(file('gaps.ndjson'), ...DAY, '--format', 'csv');
  const [header, ...rows] = csv.stdout.trimEnd().split('\r\n');
  expect(header?.split(',')).toContain('AgentValue');
  const kinds = rows.map((row) => row.split(',')[0]).sort();
  expect(kinds).toEqual(['only-agent', 'rule-missed', 'signer-missed']);
  expect(rows.every((row) => row.includes(idOf('gaps')))).toBe(true);

  const out = file('report.json');
  const json = await coverage(file('gaps.ndjson'), ...DAY, '--format', 'json', '--out', out);
  expect(json).toMatchObject({ status: 0, stdout: '' });
  const report = JSON.parse(readFileSync(out, 'utf8'));
  expect(report).toMatchObject({ recall: 0.5, windows: { common: expect.anything() } });
  expect(report.differences.map(({ kind }: { kind: string }) => kind).sort()).toEqual(kinds);
  if (process.platform !== 'win32') expect(statSync(out).mode & 0o077).toBe(0);
});

test('bad rows are counted, listed with their place, and cost themselves only', async () => {
  const [first = '', ...rest] = readFileSync(file('whole.ndjson'), 'utf8').trimEnd().split('\n');
  const bad = first.replace(/"Timestamp":"[^"]*"/, '"Timestamp":"yesterday"');
  writeFileSync(file('bad.ndjson'), `${[first, bad, ...rest].join('\n')}\n`);
  const list = file('problems.ndjson');
  const ran = await coverage(file('bad.ndjson'), ...DAY, '--list-problems', list);
  expect(ran.stdout).toMatch(/Recall: 100 %[\s\S]*1 BAD/);
  expect(JSON.parse(readFileSync(list, 'utf8'))).toMatchObject({ place: 2 });
});

test('an export that is cut in its middle: exit status 3, and what was read counts', async () => {
  const graph = exportWriters.find(({ format }) => format === 'graph');
  const text = graph?.write([...same.exported, ...gaps.exported]) ?? '';
  writeFileSync(file('cut.json'), text.slice(0, -200));
  const ran = await coverage(file('cut.json'), ...DAY);
  expect(ran.status, ran.stderr).toBe(3);
  expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain('NOT READ WHOLE');
});

test('a device map joins what neither id nor name does, and its doubtful lines are told', async () => {
  const renamed = gaps.exported.map((row) => ({ ...row, DeviceName: 'other.example' }));
  writeFileSync(file('renamed.ndjson'), ours?.write([...same.exported, ...renamed]) ?? '');
  const map = file('map.csv');
  writeFileSync(
    map,
    `agent DeviceId,export DeviceId\n${idOf('gaps')},${exportIdOf('gaps')}\nnonsense\n`,
  );
  const without = await coverage(file('renamed.ndjson'), ...DAY);
  expect(without.stdout).toMatch(/^Recall: 50 %/);
  const ran = await coverage(file('renamed.ndjson'), ...DAY, '--device-map', map);
  expect(ran.stdout).toMatch(/^Recall: 100 %/);
  expect(ran.stdout).toMatch(/Device map:\s+.*line 3/);
});

test.each([
  { name: 'no such file', args: ['nowhere.json'], says: 'nowhere.json' },
  { name: 'no export', args: [], says: 'nothing to compare with' },
])('$name: exit status 2', async ({ args, says }) => {
  const ran = await coverage(...args);
  expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
});
