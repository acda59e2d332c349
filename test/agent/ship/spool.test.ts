import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Spool } from '../../../agent/ship/spool.ts';
import type { SpoolBatch } from '../../../agent/ship/spool-batch.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const top = temporaryFolder();
let folders = 0;
const newFolder = () => path.join(top, `${folders++}`);

const RECORDS = 'AgentFileCertificateInfo';
const line = (id: number, scan = 'a') => `${JSON.stringify({ ReportId: id, ScanId: scan })}\n`;
const sweepLine = (scan: string) =>
  `${JSON.stringify({ ScanId: scan, Complete: true, SpoolDropped: 0 })}\n`;
const textOf = (batch: SpoolBatch | undefined) =>
  batch === undefined ? undefined : zstdDecompressSync(batch.body).toString();
/** Bytes of a database page. */
const PAGE = 4096;
const flagged = { flagged: true };
const unflagged = { flagged: false };

/** Takes everything that can be sent, in order. */
function sendAll(spool: Spool): (string | undefined)[] {
  const sent = [];
  for (let batch = spool.next(); batch !== undefined; batch = spool.next()) {
    sent.push(textOf(batch));
    spool.acknowledge(batch);
  }
  return sent;
}

/** Bytes that do not compress, so that sizes in the spool can be reckoned with. */
const bulky = (id: number, scan = 'a') =>
  `${JSON.stringify({ ReportId: id, ScanId: scan, x: randomText(6000) })}\n`;
const randomText = (length: number) =>
  Array.from({ length }, () => Math.floor(Math.random() * 36).toString(36)).join('');

describe('a spool', () => {
  test('survives its process: what was flushed is there, what was not is not', () => {
    const folder = newFolder();
    const first = Spool.open(folder);
    first.add(RECORDS, line(1), unflagged);
    first.flush();
    first.add(RECORDS, line(2), unflagged);
    first.close();
    const second = Spool.open(folder);
    expect(sendAll(second)).toEqual([line(1)]);
    second.close();
    expect(Spool.open(folder).next()).toBeUndefined();
  });

  test('gives the same batch until it is acknowledged', () => {
    const spool = Spool.open(newFolder());
    spool.add(RECORDS, line(1), unflagged);
    spool.flush();
    expect(spool.next()).toEqual(spool.next());
    expect(spool.next()).toMatchObject({ table: RECORDS, rows: 1, flagged: false });
  });

  test('sends flagged rows first, then the oldest, and a sweep row when nothing of its sweep is left', () => {
    const spool = Spool.open(newFolder());
    spool.add(RECORDS, line(1), unflagged);
    spool.add(RECORDS, line(2), flagged);
    spool.add('AgentSweepInfo', sweepLine('a'), unflagged);
    spool.add(RECORDS, line(3, 'b'), unflagged);
    spool.add(RECORDS, line(4, 'b'), flagged);
    spool.flush();
    expect(sendAll(spool)).toEqual([line(2), line(4, 'b'), line(1), sweepLine('a'), line(3, 'b')]);
  });

  test.each([
    { name: '5,000 rows', rows: 5001, size: 10, first: 5000 },
    { name: '4 MB', rows: 5, size: 1024 * 1024, first: 4 },
  ])('puts at most $name into a batch', ({ rows, size, first }) => {
    const spool = Spool.open(newFolder());
    const text = `${JSON.stringify({ ScanId: 'a', x: 'x'.repeat(size) })}\n`;
    for (let row = 0; row < rows; row += 1) spool.add(RECORDS, text, unflagged);
    expect(spool.count()).toEqual({ batches: 1, rows: first });
    spool.flush();
    expect(spool.count()).toEqual({ batches: 2, rows });
  });

  test('is for its owner alone, and refuses a folder that others can write', () => {
    const folder = newFolder();
    Spool.open(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(folder))
      expect(statSync(path.join(folder, file)).mode & 0o777, file).toBe(0o600);
    chmodSync(folder, 0o777);
    expect(() => Spool.open(folder)).toThrow('can be written by others');
  });

  test('gives its space back when all has been sent', () => {
    const folder = newFolder();
    const spool = Spool.open(folder);
    for (let id = 0; id < 500; id += 1) spool.add(RECORDS, bulky(id), unflagged);
    spool.flush();
    const bytes = () =>
      readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
    expect(bytes()).toBeGreaterThan(1_000_000);
    sendAll(spool);
    expect(bytes()).toBeLessThan(200_000);
  });
});

describe('the cap', () => {
  test('drops the oldest unflagged batches first, then flagged ones, and counts their rows', () => {
    const spool = Spool.open(newFolder(), { capBytes: 10_000 });
    const [old, young, flag] = [bulky(1), bulky(2), bulky(3)];
    for (const text of [old, young]) {
      spool.add(RECORDS, text, unflagged);
      spool.flush();
    }
    spool.add(RECORDS, flag, flagged);
    spool.flush();
    expect(spool.dropped).toBe(1);
    expect(sendAll(spool)).toEqual([flag, young]);
  });

  test('is told by the next sweep row, once, also after a restart; the sweep that lost rows is not complete', () => {
    const folder = newFolder();
    const first = Spool.open(folder, { capBytes: 5000 });
    for (const id of [1, 2]) {
      first.add(RECORDS, bulky(id), unflagged);
      first.flush();
    }
    first.close();
    const spool = Spool.open(folder, { capBytes: 5000 });
    const sweepRow = (scan: string) => {
      spool.add('AgentSweepInfo', sweepLine(scan), unflagged);
      return JSON.parse(sendAll(spool).at(-1) ?? '');
    };
    expect(sweepRow('a')).toEqual({ ScanId: 'a', Complete: false, SpoolDropped: 1 });
    expect(sweepRow('b')).toEqual({ ScanId: 'b', Complete: true, SpoolDropped: 0 });
  });

  test('leaves the batch that is on its way', () => {
    const spool = Spool.open(newFolder(), { capBytes: 6000 });
    spool.add(RECORDS, bulky(1), unflagged);
    spool.flush();
    const sending = spool.next();
    spool.add(RECORDS, bulky(2), unflagged);
    spool.flush();
    expect(spool.dropped).toBe(1);
    expect(spool.next()).toEqual(sending);
  });

  test('a sweep row that was sealed stays as it is, so that a resend adds nothing', () => {
    const folder = newFolder();
    const spool = Spool.open(folder, { capBytes: 5000 });
    for (const id of [1, 2]) {
      spool.add(RECORDS, bulky(id), unflagged);
      spool.flush();
    }
    spool.add('AgentSweepInfo', sweepLine('a'), unflagged);
    let batch = spool.next();
    while (batch?.table === RECORDS) {
      spool.acknowledge(batch);
      batch = spool.next();
    }
    spool.close();
    const again = Spool.open(folder).next();
    expect(again).toEqual(batch);
    expect(JSON.parse(textOf(again) ?? '')).toMatchObject({ Complete: false });
  });
});

describe('a batch that the collector refuses', () => {
  function refusedSpool(): Spool {
    const spool = Spool.open(newFolder());
    for (const id of [1, 2]) {
      spool.add(RECORDS, line(id), unflagged);
      spool.flush();
    }
    spool.add('AgentSweepInfo', sweepLine('a'), unflagged);
    const first = spool.next();
    if (first) spool.refuse(first, 'answered 400: line 1');
    return spool;
  }

  test('is kept and listed, lets the others pass, and makes its sweep incomplete', () => {
    const spool = refusedSpool();
    expect(sendAll(spool)).toEqual([line(2), sweepLine('a').replace('true', 'false')]);
    expect(spool.refused()).toMatchObject([
      { rows: 1, table: RECORDS, refusal: 'answered 400: line 1' },
    ]);
    expect({ count: spool.count(), isEmpty: spool.isEmpty }).toEqual({
      count: { batches: 0, rows: 0 },
      isEmpty: false,
    });
  });

  test('can be sent again', () => {
    const spool = refusedSpool();
    sendAll(spool);
    expect(spool.retryRefused()).toBe(1);
    expect(sendAll(spool)).toEqual([line(1)]);
    expect(spool.isEmpty).toBe(true);
  });
});

test('a batch that is too large becomes two, down to one row', () => {
  const spool = Spool.open(newFolder());
  for (const id of [1, 2, 3]) spool.add(RECORDS, line(id), flagged);
  spool.flush();
  const whole = spool.next();
  expect(whole && spool.split(whole)).toBe(true);
  const half = spool.next();
  expect(textOf(half)).toBe(line(1) + line(2));
  expect(half && spool.split(half)).toBe(true);
  const single = spool.next();
  expect(textOf(single)).toBe(line(3));
  expect(single && spool.split(single)).toBe(false);
  expect(sendAll(spool)).toEqual([line(3), line(1), line(2)]);
});

describe('a damaged spool', () => {
  test.each([
    {
      name: 'that is no database',
      damage: (file: string) => writeFileSync(file, 'x'.repeat(9000)),
    },
    {
      name: 'of which a page is garbage',
      damage: (file: string) => {
        const spool = Spool.open(path.dirname(file));
        for (let id = 0; id < 20; id += 1) {
          spool.add(RECORDS, bulky(id), unflagged);
          spool.flush();
        }
        spool.close();
        const db = new DatabaseSync(file);
        const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'batch'").get();
        db.close();
        const bytes = readFileSync(file);
        bytes.fill(0xa5, (Number(root?.rootpage) - 1) * PAGE, Number(root?.rootpage) * PAGE);
        writeFileSync(file, bytes);
      },
    },
  ])('$name is moved aside, named, and never deleted', ({ damage }) => {
    const folder = newFolder();
    mkdirSync(folder, { mode: 0o700 });
    const file = path.join(folder, 'spool.sqlite');
    damage(file);
    const { size } = statSync(file);
    const spool = Spool.open(folder);
    expect(spool.movedAside).toBe(`${file}.damaged-1`);
    expect(statSync(`${file}.damaged-1`).size).toBe(size);
    spool.add(RECORDS, line(1), unflagged);
    spool.flush();
    expect(sendAll(spool)).toEqual([line(1)]);
  });

  test('with one damaged body keeps that batch aside and sends the rest', () => {
    const folder = newFolder();
    const first = Spool.open(folder);
    for (const id of [1, 2]) {
      first.add(RECORDS, line(id), unflagged);
      first.flush();
    }
    first.close();
    const db = new DatabaseSync(path.join(folder, 'spool.sqlite'));
    db.exec("UPDATE batch SET body = x'00ff' WHERE seq = 1");
    db.close();
    const spool = Spool.open(folder);
    expect(sendAll(spool)).toEqual([line(2)]);
    expect(spool.refused()).toMatchObject([{ refusal: expect.stringContaining('damaged') }]);
  });

  test('of a newer version is refused and left alone', () => {
    const folder = newFolder();
    Spool.open(folder).close();
    const db = new DatabaseSync(path.join(folder, 'spool.sqlite'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => Spool.open(folder)).toThrow('newer certsweep');
  });
});
