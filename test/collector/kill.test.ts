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
/** Kills of the first test: 10 take half a minute. By hand: CERTSWEEP_KILL_ROUNDS=200 npx vitest run test/collector/kill.test.ts */
const ROUNDS = Number(process.env.CERTSWEEP_KILL_ROUNDS ?? 10);
const TABLE = 'AgentFileCertificateInfo';
/** Of the import. */
const BATCHES = 24;
const BATCH_ROWS = 400;
/** A dozen processes start one after the other: 20 s on a quiet machine, minutes on a busy one. */
const TIMEOUT_MS = 300_000 + ROUNDS * 10_000;

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
    `${ROUNDS} times in the middle of HTTP batches: what was acknowledged is there once, a resend completes the rest`,
    async () => {
      const { folder } = temporary;
      const sender = new Sender();
      for (let round = 0; round < ROUNDS; round += 1) {
        const collector = await CollectorProcess.start(folder);
        expectStored(folder, sender.acknowledged);
        await sender.sendUntilKilled(collector);
        expectStored(folder, sender.acknowledged);
      }
      const last = await CollectorProcess.start(folder);
      const unsure = sender.unsure.length;
      await sender.sendUnsure(last);
      expect(await last.stop()).toBe(0);
      expect(readReportIds(folder)).toEqual([...Array(sender.begun * BATCH_ROWS).keys()]);
      console.log(
        `kill -9: seed ${SEED}, ${ROUNDS} kills; ${sender.begun} batches, ${sender.requests} requests, ${sender.duplicates} of ` +
          `them stored by a request that got no answer, ${unsure} unanswered at the end; ${readReportIds(folder).length} rows, each once`,
      );
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

/** An agent of many: batches four at a time, and again those that got no answer. */
class Sender {
  readonly acknowledged = new Set<number>();
  readonly unsure: number[] = [];
  begun = 0;
  requests = 0;
  duplicates = 0;

  /** Kills the collector a moment after one to eight answers: while bodies are read, written or answered. */
  async sendUntilKilled(collector: CollectorProcess): Promise<void> {
    let left = 1 + random.below(8);
    const wait = random.below(25);
    let killed: Promise<unknown> | undefined;
    const kill = async () => {
      await sleep(wait);
      await collector.stop('SIGKILL');
    };
    const run = async () => {
      while (await this.#send(collector, this.unsure.shift() ?? this.#next())) {
        left -= 1;
        if (left === 0) killed = kill();
      }
    };
    await Promise.all([run(), run(), run(), run()]);
    await killed;
  }

  async sendUnsure(collector: CollectorProcess): Promise<void> {
    for (let index = this.unsure.shift(); index !== undefined; index = this.unsure.shift())
      expect(await this.#send(collector, index)).toBe(true);
  }

  #next(): number {
    this.begun += 1;
    return this.begun - 1;
  }

  /** False where the collector is gone. */
  async #send(collector: CollectorProcess, index: number): Promise<boolean> {
    try {
      this.requests += 1;
      const answer = await collector.postRows(TABLE, batch(index));
      expect(answer).toMatchObject({ status: 200, json: { rows: BATCH_ROWS } });
      if ((answer.json as { duplicate: boolean }).duplicate) this.duplicates += 1;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch's, when the connection breaks
      this.unsure.push(index);
      return false;
    }
    this.acknowledged.add(index);
    return true;
  }
}

/** Every row of an acknowledged batch is there, batches are whole, and the file is sound. */
function expectStored(folder: string, acknowledged: ReadonlySet<number>): void {
  const ids = readReportIds(folder);
  expect(new Set(ids).size).toBe(ids.length);
  const perBatch = Map.groupBy(ids, (id) => Math.floor(id / BATCH_ROWS));
  for (const rows of perBatch.values()) expect(rows).toHaveLength(BATCH_ROWS);
  for (const index of acknowledged) expect(perBatch.has(index), `batch ${index}`).toBe(true);
}

/** Reading only: what a kill left in the WAL stays there for the next collector. */
function readReportIds(folder: string): number[] {
  const db = new DatabaseSync(databaseFile(folder), { readOnly: true });
  try {
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const rows = db.prepare('SELECT "ReportId" AS id FROM observation ORDER BY "ReportId"').all();
    return rows.map(({ id }) => Number(id));
  } finally {
    db.close();
  }
}
