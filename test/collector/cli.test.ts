import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lockDataFolder } from '../../collector/store/data-lock.ts';
import { CollectorProcess, runCollector, temporaryFolder } from './collector-process.ts';
import { ndjson, record, sweep } from './records.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const place = (name: string) => path.join(folder, name);

/** A records file, and the sweep file beside it where `digestOf` says whose digest it shall name. */
function writeRecords(name: string, text: string, digestOf?: string): string {
  const file = place(name);
  writeFileSync(file, text);
  if (digestOf !== undefined) {
    const RecordsDigest = createHash('sha256').update(digestOf).digest('hex');
    const row = sweep({ ScanId: name, Complete: true, RecordsDigest });
    writeFileSync(`${file}.sweep.json`, JSON.stringify(row));
  }
  return file;
}

describe('certsweep-collector import', () => {
  const data = place('import-data');
  const text = ndjson([record({ ReportId: 1 }), record({ ReportId: 2 })]);

  test('without a sweep file says that completeness is unknown', async () => {
    const ran = await runCollector('import', writeRecords('plain.ndjson', text), '--data', data);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('2 rows, 2 stored; completeness is unknown');
  });

  test('with its sweep file stores both; a second file with known rows adds nothing', async () => {
    const file = writeRecords('swept.ndjson', text, text);
    const ran = await runCollector('import', file, '--data', data);
    expect(ran.stdout).toContain('2 rows, 0 stored, 2 there already; its sweep was complete');
  });

  test('with a sweep file of other records stores nothing and exits 2', async () => {
    const file = writeRecords('cut.ndjson', text.slice(0, -20), text);
    const ran = await runCollector('import', file, '--data', data);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('RecordsDigest');
  });

  test('lists bad rows with their line, stores the good ones and exits 1', async () => {
    const lines = [
      '\ufeff{"Timestamp":"2026-07-01","DeviceId":"x","TenantId":"t"}',
      '{"Foo":1}',
      'x',
    ];
    const file = writeRecords('bad.ndjson', `${lines.join('\n')}\n\n${'y'.repeat(300_000)}`);
    const ran = await runCollector('import', file, '--data', data);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain('1 rows, 1 stored, 3 REFUSED, 1 values of TenantId');
    expect(ran.stderr).toContain('bad.ndjson:2: there is no column Foo; Timestamp is required');
    expect(ran.stderr).toContain('bad.ndjson:3: expected one JSON object');
    expect(ran.stderr).toContain('bad.ndjson:5: the line has more than');
  });

  test('is refused with exit 2 while serve uses the folder, and not after a kill -9', async () => {
    const shared = place('shared-data');
    const collector = await CollectorProcess.start(shared);
    const file = writeRecords('locked.ndjson', text);
    const refused = await runCollector('import', file, '--data', shared);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('another certsweep-collector is using');
    await collector.stop('SIGKILL');
    expect(await runCollector('import', file, '--data', shared)).toMatchObject({ status: 0 });
  });
});

test('a lock is free again once it is released', () => {
  const lock = lockDataFolder(place('lock'));
  expect(() => lockDataFolder(place('lock'))).toThrow('another certsweep-collector');
  lock.release();
  lockDataFolder(place('lock')).release();
});

describe('exit status 2 and a sentence for', () => {
  test.each([
    { name: 'no command', args: [], says: 'Usage: certsweep-collector' },
    {
      name: 'an unknown option',
      args: ['serve', '--data', place('x'), '--nope'],
      says: "unknown option '--nope'",
    },
    { name: 'no data folder', args: ['query', 'x'], says: '--data' },
    {
      name: 'an address that is not loopback',
      args: ['serve', '--data', place('x'), '--listen', '0.0.0.0:0'],
      says: 'is not a loopback address',
    },
    {
      name: 'an address without a port',
      args: ['serve', '--data', place('x'), '--listen', '127.0.0.1'],
      says: '--listen takes HOST:PORT',
    },
    {
      name: 'a folder without a database',
      args: ['query', 'AgentSweepInfo', '--data', place('nothing')],
      says: 'there is no collector database',
    },
    {
      name: 'a rule that nobody knows',
      args: ['hunt', 'no-such-rule', '--data', place('x')],
      says: 'no-such-rule is in the name of no built-in rule',
    },
    {
      name: 'a file that is not there',
      args: ['import', place('missing.ndjson'), '--data', place('y')],
      says: 'cannot read',
    },
    {
      name: 'a date that is none',
      args: ['query', 'x', '--data', place('x'), '--now', 'yesterday'],
      says: '--now takes a date and time',
    },
  ])('$name', async ({ args, says }) => {
    const ran = await runCollector(...args);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
  });

  test('a query that KQL refuses, with line and column', async () => {
    const data = place('kql');
    await runCollector('import', writeRecords('one.ndjson', ndjson([record({})])), '--data', data);
    const ran = await runCollector('query', 'AgentSweepInfo\n| nope', '--data', data);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(/KS\d+ at line 2, column 3/);
  });
});

test('--help shows an example of each command', async () => {
  for (const command of ['serve', 'enroll', 'import', 'hunt', 'query']) {
    const ran = await runCollector(command, '--help');
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(`npm run -s collector -- ${command} `);
  }
});
