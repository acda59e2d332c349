import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databaseFile } from '../../collector/store/sqlite/open-database.ts';
import {
  CollectorProcess,
  runCollector,
  spawnCollector,
  temporaryFolder,
} from './collector-process.ts';
import { Random } from './query/random.ts';
import { ndjson, record } from './records.ts';

const SEED = Number(process.env.CERTSWEEP_SEED ?? Date.now() % 1_000_000);
const TABLE = 'AgentFileCertificateInfo';
const BATCHES = 24;
const BATCH_ROWS = 400;
/** A dozen processes start one after the other: 20 s on a quiet machine, minutes on a busy one. */
const TIMEOUT_MS = 300_000;

/** Batch `index`: its rows are told apart by ReportId, which counts through all batches. */
function batch(index: number): string {
  const rows = Array.from({ length: BATCH_ROWS }, (_, row) =>
    record({
      Signer: `Signer ${row % 7}`,
      FolderPath: `C:\\folder ${index}`,
      FileName: `file ${row}.exe`,
      SHA1: (index * BATCH_ROWS + row).toString(16).padStart(40, '0'),
      ReportId: index * BATCH_ROWS + row,
    }),
  );
  return ndjson(rows);
}

const bodies = Array.from({ length: BATCHES }, (_, index) => batch(index));
const random = new Random(SEED);

describe(`kill -9, seed ${SEED}`, () => {
  let temporary: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    temporary = temporaryFolder();
  });

  afterEach(() => {
    temporary.remove();
  });

  test(
    'in the middle of HTTP batches: what was acknowledged is there, a resend completes it, nothing is twice',
    async () => {
      const { folder } = temporary;
      const acknowledged = new Set<number>();
      for (let round = 0; acknowledged.size < BATCHES; round += 1) {
        const collector = await CollectorProcess.start(folder);
        expectStored(folder, acknowledged);
        const killAfter = round < 3 ? 1 + random.below(6) : BATCHES;
        const missing = [...bodies.keys()].filter((index) => !acknowledged.has(index));
        await sendUntilKilled(collector, missing, acknowledged, killAfter);
        await collector.stop(acknowledged.size < BATCHES ? 'SIGKILL' : 'SIGTERM');
        expectStored(folder, acknowledged);
      }
      expect(readReportIds(folder)).toEqual([...Array(BATCHES * BATCH_ROWS).keys()]);
    },
    TIMEOUT_MS,
  );

  test(
    'in the middle of an import: importing again completes it, nothing is twice',
    async () => {
      const { folder } = temporary;
      const file = path.join(folder, 'records.ndjson');
      writeFileSync(file, bodies.join(''));
      for (let round = 0; round < 2; round += 1) {
        const child = spawnCollector(['import', file, '--data', folder]);
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await sleep(150 + random.below(400));
        child.kill('SIGKILL');
        await ended;
      }
      const again = await runCollector('import', file, '--data', folder);
      expect(again).toMatchObject({ status: 0, stderr: '' });
      expect(again.stdout).toContain(`${BATCHES * BATCH_ROWS} rows`);
      expect(readReportIds(folder)).toEqual([...Array(BATCHES * BATCH_ROWS).keys()]);
      const third = await runCollector('import', file, '--data', folder);
      expect(third.stdout).toContain(`0 stored, ${BATCHES * BATCH_ROWS} there already`);
    },
    TIMEOUT_MS,
  );
});

/** Sends batches, four at a time, and kills the collector when `killAfter` more have been acknowledged. */
async function sendUntilKilled(
  collector: CollectorProcess,
  indexes: readonly number[],
  acknowledged: Set<number>,
  killAfter: number,
): Promise<void> {
  let left = killAfter;
  const queue = [...indexes];
  const sender = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      try {
        const answer = await collector.postRows(TABLE, bodies[index] ?? '');
        expect(answer.status).toBe(200);
      } catch (error) {
        if (error instanceof TypeError) return; // fetch: the collector is gone
        throw error;
      }
      acknowledged.add(index);
      left -= 1;
      if (left === 0) void collector.stop('SIGKILL');
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
}

/** Every row of an acknowledged batch is there, batches are whole, and the file is sound. */
function expectStored(folder: string, acknowledged: ReadonlySet<number>): void {
  const ids = readReportIds(folder);
  expect(new Set(ids).size).toBe(ids.length);
  const perBatch = Map.groupBy(ids, (id) => Math.floor(id / BATCH_ROWS));
  for (const rows of perBatch.values()) expect(rows).toHaveLength(BATCH_ROWS);
  for (const index of acknowledged) expect(perBatch.has(index), `batch ${index}`).toBe(true);
}

function readReportIds(folder: string): number[] {
  const db = new DatabaseSync(databaseFile(folder));
  try {
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const rows = db.prepare('SELECT "ReportId" AS id FROM observation ORDER BY "ReportId"').all();
    return rows.map(({ id }) => Number(id));
  } finally {
    db.close();
  }
}
