import { chmodSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tokenFindings } from '../../collector/doctor/check-tokens.ts';
import { examine } from '../../collector/doctor/examine.ts';
import type { Finding } from '../../collector/doctor/finding.ts';
import { Doors } from '../../collector/doors/doors.ts';
import type { TokenRow } from '../../collector/doors/token-row.ts';
import { databaseFile } from '../../collector/store/sqlite/open-database.ts';
import { selfMadeIdentity } from '../../collector/tls/self-made.ts';
import { parseServerName } from '../../collector/tls/server-name.ts';
import { CollectorProcess, runCollector, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const DAY_MS = 86_400_000;
const now = Date.now();
let data: string;
let remove: () => void;

/** A data folder with one record of one device, a token and a certificate. */
beforeEach(async () => {
  ({ folder: data, remove } = temporaryFolder());
  const file = path.join(data, 'records.txt');
  writeFileSync(file, ndjson([record({ ReportId: 1 })]));
  const imported = await runCollector('import', file, '--data', data);
  if (imported.status !== 0) throw new Error(imported.stderr);
  const doors = new Doors(data, Date.now);
  doors.add({ kind: 'reader', name: 'soc' });
  doors.close();
  const name = parseServerName('localhost');
  selfMadeIdentity(data, name ? [name] : [], new Date(now));
});

afterEach(() => remove());

async function levels(at = now): Promise<Record<string, Finding['level']>> {
  const found: Record<string, Finding['level']> = {};
  for (const { check, level } of await examine(data, undefined, at)) {
    if (found[check] !== 'fail') found[check] = level;
  }
  return found;
}

const WELL = {
  ...{ files: 'ok', lock: 'ok', disk: 'ok', database: 'ok', integrity: 'ok', wal: 'ok' },
  ...{ tokens: 'ok', certificate: 'ok', authority: 'ok', clock: 'ok', devices: 'ok' },
};

test('a folder that is well has no finding but ok, from the command line as well', async () => {
  expect(await levels()).toEqual(WELL);
  const ran = await runCollector('doctor', '--data', data);
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toMatch(/^OK {4}database {5}1 record in /m);
  expect(ran.stdout).not.toMatch(/WARN|FAIL/);
});

test('it can be asked while a collector serves the folder', async () => {
  const collector = await CollectorProcess.start(data);
  const findings = await examine(data, undefined, now);
  expect(findings).toContainEqual(
    expect.objectContaining({ check: 'lock', message: 'a collector is using this folder' }),
  );
  expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
  expect(await collector.stop()).toBe(0);
});

const BROKEN: readonly {
  readonly name: string;
  readonly harm: () => void;
  readonly at?: number;
  readonly found: Partial<Record<string, Finding['level']>>;
}[] = [
  {
    name: 'a key that others can read',
    harm: () => chmodSync(path.join(data, 'tls', 'server.key'), 0o644),
    found: { certificate: 'fail' },
  },
  {
    name: 'a token list that others can write to',
    harm: () => chmodSync(path.join(data, 'doors.sqlite'), 0o666),
    found: { tokens: 'fail' },
  },
  {
    name: 'a folder that others can enter',
    harm: () => chmodSync(data, 0o755),
    found: { files: 'warn' },
  },
  {
    name: 'a folder that everybody can write to',
    harm: () => chmodSync(data, 0o777),
    found: { files: 'fail', tokens: 'fail' },
  },
  {
    name: 'a cut-off database',
    harm: () => truncateSync(databaseFile(data), 8_192),
    found: { database: 'fail' },
  },
  {
    name: 'a file that is no database',
    harm: () => writeFileSync(databaseFile(data), 'rubbish '.repeat(1_000)),
    found: { database: 'fail' },
  },
  {
    name: 'an index that lacks a row',
    harm: () => unindex('sweep_by_time', 'observation_by_certificate'),
    found: { integrity: 'fail' },
  },
  {
    name: 'the database of a newer version',
    harm: () => change('PRAGMA user_version = 9999'),
    found: { database: 'fail' },
  },
  {
    name: 'no database',
    harm: () => rmSync(databaseFile(data)),
    found: { database: 'fail' },
  },
  { name: 'silence', harm: () => {}, at: now + 3 * DAY_MS, found: { devices: 'warn' } },
  { name: 'a clock that went back', harm: () => {}, at: now - DAY_MS, found: { clock: 'fail' } },
  {
    name: 'agents whose clocks are all ahead',
    harm: () => change('UPDATE contact SET ClockSkewMs = 3600000'),
    found: { clock: 'warn' },
  },
  {
    name: 'a certificate that ends soon',
    harm: () => {},
    at: now + 350 * DAY_MS,
    found: { certificate: 'warn', devices: 'warn', tokens: 'warn' },
  },
  {
    name: 'a certificate that has ended',
    harm: () => {},
    at: now + 366 * DAY_MS,
    found: { certificate: 'fail', devices: 'warn', tokens: 'warn' },
  },
  {
    name: 'an authority that ends within a year',
    harm: () => {},
    at: now + 3_300 * DAY_MS,
    found: { authority: 'warn', certificate: 'fail', devices: 'warn', tokens: 'warn' },
  },
];

/** What is looked at in the database only where that opens. */
const INSIDE = new Set(['integrity', 'wal', 'clock', 'devices']);

test.each(BROKEN)('$name is found', async ({ harm, at, found }) => {
  harm();
  const well = Object.entries(WELL).filter(
    ([check]) => !(found.database === 'fail' && INSIDE.has(check)),
  );
  expect(await levels(at)).toEqual({ ...Object.fromEntries(well), ...found });
});

test('each finding that is not ok says what to do, and a failed check ends the command with 1', async () => {
  writeFileSync(databaseFile(data), 'rubbish '.repeat(1_000));
  const ran = await runCollector('doctor', '--data', data, '--format', 'json');
  expect(ran.status).toBe(1);
  const findings = JSON.parse(ran.stdout) as Finding[];
  const failed = findings.filter(({ level }) => level !== 'ok');
  expect(failed.map(({ check }) => check)).toEqual(['database']);
  for (const { remedy } of failed) expect(remedy).toMatch(/\w{4}/);
});

test.each([
  { name: 'a folder that is not there', options: ['--data', '/nowhere/at/all'] },
  { name: 'a certificate without its key', options: ['--data', '.', '--tls-cert', 'x.pem'] },
])('$name is a usage error', async ({ options }) => {
  const ran = await runCollector('doctor', ...options);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain('certsweep-collector: ');
});

describe('of tokens', () => {
  const token: TokenRow = {
    ...{ id: '0'.repeat(16), kind: 'reader', name: 'soc', deviceId: null, enrolledBy: null },
    ...{ usesLeft: null, mayReplace: false, createdTime: now - 40 * DAY_MS, expiresTime: null },
    ...{ firstUsedTime: now - DAY_MS, revokedTime: null, replacedBy: null },
  };
  test.each([
    { name: 'one that is used is well', change: {}, warned: false },
    { name: 'one that ends soon is told', change: { expiresTime: now + DAY_MS }, warned: true },
    { name: 'one that was never used is told', change: { firstUsedTime: null }, warned: true },
    {
      name: 'one that has ended is not',
      change: { firstUsedTime: null, expiresTime: now - DAY_MS },
      warned: false,
    },
    {
      name: 'one that was revoked is not',
      change: { firstUsedTime: null, revokedTime: now },
      warned: false,
    },
    {
      name: 'one that was replaced is not',
      change: { expiresTime: now + DAY_MS, replacedBy: '1'.repeat(16) },
      warned: false,
    },
  ])('$name', ({ change, warned }) => {
    const [finding] = tokenFindings([{ ...token, ...change }], now);
    expect(finding?.level).toBe(warned ? 'warn' : 'ok');
    if (warned) expect(finding?.message).toContain(token.id);
  });
});

function change(sql: string): void {
  const db = new DatabaseSync(databaseFile(data));
  db.exec(sql);
  db.close();
}

/** Lets an index point at an empty tree, as after a lost write: its rows are then missing. */
function unindex(empty: string, full: string): void {
  const db = new DatabaseSync(databaseFile(data), { defensive: false });
  const root = `(SELECT rootpage FROM sqlite_schema WHERE name = '${empty}')`;
  db.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage = ${root} WHERE name = '${full}';`);
  db.close();
}
