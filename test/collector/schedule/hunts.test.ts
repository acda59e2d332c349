import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Judgement } from '../../../collector/approvals/judgement.ts';
import type { Finding } from '../../../collector/findings/finding.ts';
import { CollectorLog } from '../../../collector/log/collector-log.ts';
import type { Channel, SendResult } from '../../../collector/notify/channel.ts';
import type { Notice } from '../../../collector/notify/notice.ts';
import { Delivery, pauseAfter } from '../../../collector/schedule/delivery.ts';
import { FindingBook, MOST_OF_DEVICE } from '../../../collector/schedule/finding-book.ts';
import { markAfterFailure, rangeToHunt } from '../../../collector/schedule/hunt-range.ts';
import { HuntSchedule } from '../../../collector/schedule/hunt-schedule.ts';
import { openHuntsDatabase } from '../../../collector/schedule/hunts-schema.ts';
import { MOST_OF_DEVICE_IN_RUN, Outbox } from '../../../collector/schedule/outbox.ts';
import { readNewFindings } from '../../../collector/schedule/read-new-findings.ts';
import { RunBook } from '../../../collector/schedule/run-book.ts';
import { StoreError } from '../../../collector/store/store-error.ts';
import { unixMsFromTicks } from '../../../parsers/record/datetime.ts';
import { temporaryFolder } from '../collector-process.ts';
import { finding } from '../notify/notices.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const MINUTE = 60_000;
const NOW = Date.parse('2026-07-02T00:05:00Z');
const log = new CollectorLog('error', { write: () => {}, terminal: false });
const SOC = [{ name: 'soc', kind: 'webhook' }];

const judged = (state: Judgement['state']) => (): Judgement => ({
  ...{ state, approvalId: null, closest: null, refusals: [], words: state },
});
const [approved, unapproved] = [judged('approved'), judged('unapproved')];

let tests = 0;
let db: ReturnType<typeof openHuntsDatabase>;
beforeEach(() => {
  tests += 1;
  db = openHuntsDatabase(`${folder}/${tests}`);
  return () => db.close();
});

describe('a notice is owed', () => {
  const events = (...judges: (() => Judgement)[]) => {
    const book = new FindingBook(db, false);
    const outbox = new Outbox(db, SOC);
    return judges.flatMap((judge) => {
      book.keep([finding()], judge, NOW);
      const { made } = outbox.fill(NOW);
      const bodies = outbox.next('soc', 100).map(({ body }) => JSON.parse(body) as Notice);
      return made === 0 ? ['-'] : [bodies.at(-1)?.event];
    });
  };

  test('once of a finding that stays unapproved', () => {
    expect(events(unapproved, unapproved, unapproved)).toEqual(['new-finding', '-', '-']);
  });

  test('each time an approval has ended', () => {
    expect(events(approved, unapproved, unapproved, approved, unapproved)).toEqual([
      ...['-', 'approval-ended', '-', '-', 'approval-ended'],
    ]);
    const ids = new Set(new Outbox(db, SOC).next('soc', 9).map(({ body }) => JSON.parse(body).id));
    expect(ids.size).toBe(2);
  });

  test('of another grade of the same file, and of a name alone only where the settings say so', () => {
    const outbox = new Outbox(db, SOC);
    const nameOnly = finding({ grade: 'name-only' });
    new FindingBook(db, false).keep([finding(), nameOnly], unapproved, NOW);
    expect(outbox.fill(NOW)).toEqual({ made: 1, left: 0 });
    new FindingBook(db, true).keep(
      [finding({ grade: 'name-only', path: 'D:\\x' })],
      unapproved,
      NOW,
    );
    new FindingBook(db, true).keep([finding({ grade: 'signer-mismatch' })], unapproved, NOW);
    expect(outbox.fill(NOW)).toEqual({ made: 2, left: 0 });
  });

  test('still, when there is no channel to make it for', () => {
    new FindingBook(db, false).keep([finding()], unapproved, NOW);
    expect(new Outbox(db, []).fill(NOW)).toEqual({ made: 0, left: 0 });
    expect(new Outbox(db, SOC).fill(NOW)).toEqual({ made: 1, left: 0 });
  });
});

test('a device that floods is cut off and counted, and does not keep another from being told', () => {
  const book = new FindingBook(db, false);
  const flood: Finding[] = Array.from({ length: MOST_OF_DEVICE + 5 }, (_, index) =>
    finding({ path: `C:\\${index}.exe` }),
  );
  expect(book.keep(flood, unapproved, NOW)).toEqual({ fresh: MOST_OF_DEVICE, unkept: 5 });
  expect(book.keep([finding({ deviceId: 'b'.repeat(40) })], unapproved, NOW).fresh).toBe(1);
  const outbox = new Outbox(db, SOC);
  expect(outbox.fill(NOW)).toEqual({
    ...{ made: MOST_OF_DEVICE_IN_RUN + 1, left: MOST_OF_DEVICE - MOST_OF_DEVICE_IN_RUN },
  });
  const told = outbox.next('soc', 1_000).map(({ body }) => (JSON.parse(body) as Notice).deviceId);
  expect(told).toContain('b'.repeat(40));
});

test.each(['name-only', 'version-info-only'] as const)(
  'a flood of %s files keeps no flagged file of the same device from being told first',
  (grade) => {
    const book = new FindingBook(db, true);
    const flood = Array.from({ length: MOST_OF_DEVICE + 1 }, (_, index) =>
      finding({ grade, path: `C:\\Users\\Public\\${index}.exe` }),
    );
    expect(book.keep(flood, unapproved, NOW).unkept).toBe(1);
    expect(book.keep([finding()], unapproved, NOW + MINUTE)).toEqual({ fresh: 1, unkept: 0 });
    const outbox = new Outbox(db, SOC);
    outbox.fill(NOW + MINUTE);
    const [first] = outbox.next('soc', 1).map(({ body }) => JSON.parse(body) as Notice);
    expect(first?.path).toBe(finding().path);
  },
);

test('more devices than a run tells of take turns: none waits for the floods of others', () => {
  const book = new FindingBook(db, false);
  const flooding = Array.from({ length: 26 }, (_, index) => index.toString(16).padStart(40, '0'));
  for (const deviceId of flooding)
    book.keep(
      Array.from({ length: MOST_OF_DEVICE_IN_RUN }, (_, index) =>
        finding({ deviceId, path: `C:\\${index}.exe` }),
      ),
      unapproved,
      NOW,
    );
  book.keep([finding({ deviceId: 'f'.repeat(40) })], unapproved, NOW);
  const outbox = new Outbox(db, SOC);
  outbox.fill(NOW);
  const told = outbox.next('soc', 30).map(({ body }) => (JSON.parse(body) as Notice).deviceId);
  expect(told).toContain('f'.repeat(40));
});

test('more findings than a query may answer are read in halves, in the order of their time', async () => {
  const read: [number, number][] = [];
  const slices = readNewFindings(
    async ({ from, to }) => {
      const [start, end] = [Number(from / 10_000n), Number(to / 10_000n)];
      if (end - start > 3 * MINUTE) throw new StoreError('too-many-rows', 'too many');
      read.push([start, end]);
      return [];
    },
    NOW,
    NOW + 10 * MINUTE,
  );
  for await (const { findings } of slices) expect(findings).toEqual([]);
  expect(read).toHaveLength(4);
  expect(read.slice(1).every(([start], index) => start === (read[index]?.[1] ?? 0) + 1)).toBe(true);
});

test('what is too much within one millisecond is skipped and told, and the rule goes on', async () => {
  const flooded = NOW + 3_001;
  const slices = readNewFindings(
    async ({ from, to }) => {
      const [start, end] = [unixMsFromTicks(from), unixMsFromTicks(to)];
      if (start <= flooded && flooded <= end) throw new StoreError('too-many-bytes', 'too much');
      return end === NOW + MINUTE ? [finding()] : [];
    },
    NOW,
    NOW + MINUTE,
  );
  const skipped: number[] = [];
  let found = 0;
  for await (const slice of slices) {
    if (slice.skipped !== undefined) skipped.push(slice.from);
    found += slice.findings.length;
  }
  expect(skipped).toEqual([flooded]);
  expect(found).toBe(1);
  const runs = new RunBook(db);
  runs.looked({ id: 'r', name: 'Rule' }, NOW, 'left something out');
  expect(db.prepare('SELECT mark, error FROM rule').all()).toEqual([
    { mark: NOW, error: 'left something out' },
  ]);
});

test.each([
  { name: 'the first run looks back five days', mark: undefined, back: 5 * 24 * 60 },
  { name: 'a later one from ten minutes before its mark', mark: NOW - 15 * MINUTE, back: 25 },
  { name: 'one after a stop, too', mark: NOW - 600 * MINUTE, back: 610 },
  { name: 'after the clock was set back, over the last interval', mark: NOW + MINUTE, back: 25 },
])('$name', ({ mark, back }) => {
  expect(rangeToHunt(mark, NOW, 15 * MINUTE)).toEqual({ from: NOW - back * MINUTE, to: NOW });
});

test.each([
  { name: 'one that never ran begins five days back', mark: undefined, back: 5 * 24 * 60 },
  { name: 'it stands where it stood', mark: NOW - 600 * MINUTE, back: 600 },
  { name: 'however often it fails', mark: NOW - 15 * MINUTE, back: 15 },
  { name: 'a mark in the future comes back', mark: NOW + 600 * MINUTE, back: 15 },
])('a rule whose run failed: $name', ({ mark, back }) => {
  const stands = markAfterFailure(mark, NOW, 15 * MINUTE);
  expect(stands).toBe(NOW - back * MINUTE);
  const runs = new RunBook(db);
  if (mark !== undefined) runs.looked({ id: 'r', name: 'Rule' }, mark, null);
  runs.failed({ id: 'r', name: 'Rule' }, 'it was too slow', stands);
  expect(runs.markOf('r')).toBe(stands);
});

test('runs come every interval by the clock, one at a time, and at once when somebody asks', async () => {
  const runs = new RunBook(db);
  let now = NOW;
  const why: string[] = [];
  let end = () => {};
  const run = async (reason: string) => {
    why.push(reason);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return undefined;
  };
  const onError = vi.fn();
  const schedule = new HuntSchedule({
    ...{ runs, everyMs: 15 * MINUTE, run, onError, clock: () => now },
  });
  schedule.start();
  await expect.poll(() => why, { timeout: 5_000 }).toEqual(['schedule']);
  expect(schedule.runNow('an operator')).toBe(false);
  end();
  await expect.poll(() => schedule.isRunning).toBe(false);
  expect(schedule.next).toBe(NOW + 15 * MINUTE);
  runs.set('asked', now);
  await expect.poll(() => why, { timeout: 5_000 }).toEqual(['schedule', 'command line']);
  end();
  now += 16 * MINUTE;
  await expect.poll(() => why.length, { timeout: 5_000 }).toBe(3);
  end();
  await schedule.stop();
  expect(onError).not.toHaveBeenCalled();
});

test('several notices of which one is refused are sent one by one, and only that one stays', async () => {
  const outbox = new Outbox(db, SOC);
  const paths = ['C:\\a', 'C:\\bad', 'C:\\c'];
  new FindingBook(db, false).keep(
    paths.map((path) => finding({ path })),
    unapproved,
    NOW,
  );
  outbox.fill(NOW);
  const taken: string[] = [];
  const channel: Channel = {
    ...{ name: 'soc', kind: 'webhook', most: 100, close: async () => {} },
    send: async (notices): Promise<SendResult> => {
      if (notices.some(({ path }) => path === 'C:\\bad'))
        return { kind: 'refused', reason: 'the receiver answered 400', ofContent: true };
      taken.push(...notices.map(({ path }) => path));
      return { kind: 'delivered' };
    },
  };
  const onError = vi.fn();
  const parts = { channels: [channel], outbox, log, chance: () => 0, onError };
  const delivery = new Delivery({ ...parts, clock: () => NOW });
  delivery.start();
  await expect.poll(() => taken.toSorted(), { timeout: 5_000 }).toEqual(['C:\\a', 'C:\\c']);
  await delivery.stop();
  const left = db.prepare('SELECT state, problem FROM outbox').all();
  expect(left).toEqual([{ state: 'refused', problem: 'the receiver answered 400' }]);
  expect(onError).not.toHaveBeenCalled();
});

test.each([
  { failures: 0, chance: 0, pause: 2_500 },
  { failures: 0, chance: 1, pause: 5_000 },
  { failures: 3, chance: 1, pause: 40_000 },
  { failures: 99, chance: 1, pause: 3_600_000 },
])('after $failures failures a channel rests $pause ms', ({ failures, chance, pause }) => {
  expect(pauseAfter(failures, chance)).toBe(pause);
});
