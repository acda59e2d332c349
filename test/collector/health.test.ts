import { expect, test } from 'vitest';
import { freeDiskBytes, MIN_FREE_BYTES, Readiness } from '../../collector/health/readiness.ts';
import { StoreError } from '../../collector/store/store-error.ts';
import { temporaryFolder } from './collector-process.ts';

const { folder, remove } = temporaryFolder();

function warm(clock: () => number = () => 0): Readiness {
  const readiness = new Readiness(folder, clock);
  readiness.warmedUp();
  return readiness;
}

const codes = (readiness: Readiness) => readiness.problems().map(({ code }) => code);

test('a collector is ready once its parser has answered, and no more when it stops', () => {
  expect(freeDiskBytes(folder)).toBeGreaterThan(MIN_FREE_BYTES);
  const readiness = new Readiness(folder, () => 0);
  expect(codes(readiness)).toEqual(['starting']);
  readiness.warmedUp();
  expect(codes(readiness)).toEqual([]);
  readiness.stopping();
  expect(codes(readiness)).toEqual(['stopping']);
});

test.each([
  { name: 'a full disk', error: new StoreError('full', 'no space'), expected: ['not-writable'] },
  { name: 'a broken disk', error: new StoreError('failed', 'I/O'), expected: ['not-writable'] },
  { name: 'a full queue', error: new StoreError('busy', 'later'), expected: [] },
  { name: 'a bad batch', error: new TypeError('x'), expected: [] },
])('after $name it says $expected', ({ error, expected }) => {
  const readiness = warm();
  readiness.wrote(error);
  expect(codes(readiness)).toEqual(expected);
  readiness.wrote(undefined);
  expect(codes(readiness)).toEqual([]);
});

test('a failed write is forgotten after a minute: without work it would otherwise never be ready again', () => {
  let now = 0;
  const readiness = warm(() => now);
  readiness.wrote(new StoreError('full', 'no space'));
  now = 59_999;
  expect(codes(readiness)).toEqual(['not-writable']);
  now = 60_000;
  expect(codes(readiness)).toEqual([]);
});

test('a store whose thread has ended is dead, and not ready', () => {
  const readiness = warm();
  expect(readiness.dead()).toBeUndefined();
  readiness.storeFailed(new StoreError('failed', 'thread ended'));
  expect(readiness.dead()?.message).toBe('thread ended');
  expect(readiness.problems()).toEqual([{ code: 'store-failed', message: 'thread ended' }]);
});

test('a data folder that is gone is not writable', () => {
  const readiness = warm();
  remove();
  expect(readiness.problems()).toEqual([
    { code: 'not-writable', message: 'the data folder cannot be written to: ENOENT' },
  ]);
});
