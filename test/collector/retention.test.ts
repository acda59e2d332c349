import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { databaseFile } from '../../collector/store/sqlite/open-database.ts';
import { CollectorProcess, runCollector, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
/** Several processes start one after the other, 10 s on a quiet machine. */
const TIMEOUT_MS = 180_000;
const { folder, remove } = temporaryFolder();
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

/** Rows with paths and digests of their own, so that they take place on disk. */
function rows(count: number, days: number): string {
  return ndjson(
    Array.from({ length: count }, (_, index) =>
      record({
        Timestamp: daysAgo(days),
        FolderPath: `C:\\${days}\\${'x'.repeat(200)}\\${index}`,
        FileName: 'tool.exe',
        SHA1: (days * 1_000_000 + index).toString(16).padStart(40, '0'),
        ReportId: index,
        ...(index === 0 && { Rules: ['tightvnc'] }),
      }),
    ),
  );
}

let collector: CollectorProcess | undefined;

async function count(table: string): Promise<unknown> {
  const answer = (await collector?.query(`${table} | count`))?.json as { rows: unknown[][] };
  return answer.rows[0]?.[0];
}

afterEach(async () => {
  await collector?.stop();
});
afterAll(remove);

describe('serve --retain', () => {
  test(
    'removes rows that are older and gives the disk space back; sightings and newer rows stay',
    async () => {
      const data = path.join(folder, 'data');
      collector = await CollectorProcess.start(data);
      for (const body of [rows(10_000, 365), rows(100, 1)])
        expect(await collector.postRows(TABLE, body)).toMatchObject({ status: 200 });
      await collector.stop();
      const full = statSync(databaseFile(data)).size;

      collector = await CollectorProcess.start(data, ['--retain', '30d']);
      await expect.poll(() => collector?.log, { timeout: 30_000 }).toContain('removed 10000 rows');
      expect(await count(TABLE)).toBe(100);
      expect(await count('AgentSightingInfo')).toBe(2);
      const metrics = await fetch(`${collector.url}/metrics`);
      expect(await metrics.text()).toContain('certsweep_collector_removed_rows_total 10000');
      expect(await collector.stop()).toBe(0);
      expect(statSync(databaseFile(data)).size).toBeLessThan(full / 10);
    },
    TIMEOUT_MS,
  );

  test(
    'stops at once in the middle of it, and goes on at the next start',
    async () => {
      const data = path.join(folder, 'stopped');
      collector = await CollectorProcess.start(data);
      for (const days of [365, 366, 367])
        expect(await collector.postRows(TABLE, rows(10_000, days))).toMatchObject({ status: 200 });
      await collector.stop();
      collector = await CollectorProcess.start(data, ['--retain', '30d']);
      expect(await collector.stop()).toBe(0);
      expect(collector.log).not.toContain('could not be removed');
      collector = await CollectorProcess.start(data, ['--retain', '30d']);
      await expect.poll(() => collector?.log, { timeout: 30_000 }).toMatch(/removed \d+ rows/);
      expect(await count(TABLE)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    'is off unless it is asked for: rows of any age stay',
    async () => {
      const data = path.join(folder, 'kept');
      collector = await CollectorProcess.start(data);
      await collector.postRows(TABLE, rows(3, 3_000));
      await collector.stop();
      collector = await CollectorProcess.start(data);
      expect(await count(TABLE)).toBe(3);
      expect(collector.log).not.toContain('removed');
    },
    TIMEOUT_MS,
  );

  test.each([
    ['30m', 'less than a day: m is minutes'],
    ['0d', 'at most 3660 days'],
    ['month', 'at most 3660 days'],
    ['9999d', 'at most 3660 days'],
  ])('of %s is refused before anything is opened', async (age, message) => {
    const ran = await runCollector('serve', '--data', path.join(folder, 'no'), '--retain', age);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(message);
  });
});
