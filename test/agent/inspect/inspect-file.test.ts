import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileOutcome, Image } from '../../../agent/inspect/file-outcome.ts';
import { inspectFile } from '../../../agent/inspect/inspect-file.ts';
import { MAX_CERTIFICATE_TABLE } from '../../../agent/inspect/read-pe.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const limits = {
  maxFileSize: 1e9,
  stopped: () => false,
  context: { now: '2026-11-24T00:00:00Z', anchors: undefined },
};
/** Larger than the hashing buffer, so that it is read in several pieces. */
const LARGE = 1_300_000;

function inspect(name: string, content: Uint8Array, stopped = () => false): FileOutcome {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return inspectFile(file, { ...limits, stopped });
}

function imageOf(outcome: FileOutcome): Image {
  if (outcome.kind !== 'image') throw new Error(`not an image but ${JSON.stringify(outcome)}`);
  return outcome.image;
}

describe('a file that is no image', () => {
  test.each([
    { name: 'an empty file', content: Buffer.alloc(0), fileKind: 'empty' },
    { name: 'MZ alone', content: Buffer.from('MZ'), fileKind: 'other' },
    { name: 'MZ and 40 bytes', content: peBytes().subarray(0, 42), fileKind: 'mz' },
    { name: 'MZ without PE', content: Buffer.alloc(4096, 'MZ'), fileKind: 'mz' },
    { name: 'e_lfanew past the end', content: peBytes().fill(0xff, 0x3c, 0x40), fileKind: 'mz' },
  ])('is only counted: $name', ({ name, content, fileKind }) => {
    expect(inspect(name, content)).toEqual({ kind: 'other', fileKind });
  });
});

describe('an image', () => {
  test('has the digests of all its bytes and no findings when it is unsigned', () => {
    const content = peBytes({ size: LARGE });
    const image = imageOf(inspect('unsigned.exe', content));
    expect(image).toMatchObject({
      size: LARGE,
      sha1: createHash('sha1').update(content).digest('hex'),
      sha256: createHash('sha256').update(content).digest('hex'),
      signatures: [],
      malformed: [],
    });
  });

  test('is found where its header lies past the first 4 KB', () => {
    expect(
      imageOf(inspect('far.exe', peBytes({ ntHeaders: 9000, size: 10_000 }))).malformed,
    ).toEqual([]);
  });

  test.each([
    {
      name: 'a table past the end',
      content: peBytes({ table: { offset: 900, size: 200 } }),
      code: 'bad-length',
      offset: 216,
      windows: 'TRUST_E_NOSIGNATURE',
    },
    {
      name: 'a table over the headers',
      content: peBytes({ table: { offset: 8, size: 64 } }),
      code: 'bad-value',
      offset: 216,
      windows: 'TRUST_E_NOSIGNATURE',
    },
    {
      name: 'a table of zeros',
      content: peBytes({ table: { offset: 512, size: 64 } }),
      code: 'bad-length',
      offset: 512,
      windows: 'TRUST_E_NOSIGNATURE',
    },
    {
      name: 'a table that is larger than we read',
      content: peBytes({
        table: { offset: 512, size: MAX_CERTIFICATE_TABLE + 8 },
        size: MAX_CERTIFICATE_TABLE + 1024,
      }),
      code: 'bad-length',
      offset: 512,
      windows: 'TRUST_E_NOSIGNATURE',
    },
    {
      name: 'an optional header of an unknown kind',
      content: peBytes({ magic: 0x107 }),
      code: 'bad-magic',
      offset: 88,
      windows: 'TRUST_E_SUBJECT_FORM_UNKNOWN',
    },
    {
      name: 'a header that is cut off',
      content: peBytes().subarray(0, 150),
      code: 'truncated',
      offset: 180,
      windows: 'TRUST_E_SUBJECT_FORM_UNKNOWN',
    },
  ])('stays an image with $name, and is listed', ({ name, content, code, offset, windows }) => {
    const outcome = inspect(name, content);
    expect(imageOf(outcome).malformed).toMatchObject([{ code: windows, level: 'error' }]);
    expect(imageOf(outcome).sha1).toBe(createHash('sha1').update(content).digest('hex'));
    expect(outcome).toMatchObject({ problems: [{ reason: 'malformed', code, offset }] });
  });
});

describe('a file that changes while it is read', () => {
  const file = path.join(folder, 'changing.exe');

  /** Calls `change` in the middle of the first reading, and of the second if `twice`. */
  function inspectWhile(change: () => void, twice: boolean): FileOutcome {
    writeFileSync(file, peBytes({ size: LARGE }));
    let calls = 0;
    const stopped = () => {
      calls += 1; // once before each reading, then before each of its three pieces
      if (calls === 3 || (twice && calls > 5 && calls % 2 === 0)) change();
      return false;
    };
    return inspectFile(file, { ...limits, stopped });
  }

  test('is read again, and is then an image like any other', () => {
    const outcome = inspectWhile(() => appendFileSync(file, 'more'), false);
    expect(imageOf(outcome).size).toBe(LARGE + 4);
  });

  test('is listed when it grows again', () => {
    const outcome = inspectWhile(() => appendFileSync(file, 'more'), true);
    expect(outcome).toMatchObject({ kind: 'problem', problem: { path: file, reason: 'changed' } });
  });

  test('is read again where it has become shorter', () => {
    const outcome = inspectWhile(() => truncateSync(file, 600_000), false);
    expect(imageOf(outcome).size).toBe(600_000);
  });

  test('is listed as gone where it is deleted and changed at once', () => {
    const outcome = inspectWhile(() => {
      truncateSync(file, 0);
      rmSync(file);
    }, false);
    expect(outcome).toMatchObject({ kind: 'problem', problem: { reason: 'gone', code: 'ENOENT' } });
  });

  test('is an image where it is deleted while it is read: its bytes are still there', () => {
    const outcome = inspectWhile(() => rmSync(file), false);
    expect(imageOf(outcome).size).toBe(LARGE);
  });
});

describe('what takes the place of a file', () => {
  test.each([
    { name: 'nothing', make: () => {}, reason: 'gone', code: 'ENOENT' },
    {
      name: 'a link',
      make: (at: string) => symlinkSync('/bin/sh', at),
      reason: 'gone',
      code: 'ELOOP',
    },
    {
      name: 'a pipe',
      make: (at: string) => execFileSync('mkfifo', [at]),
      reason: 'unreadable',
      code: 'ESPIPE',
    },
    { name: 'a folder', make: (at: string) => mkdirSync(at), reason: 'unreadable', code: 'EISDIR' },
  ])('is listed and holds nothing up: $name', ({ name, make, reason, code }) => {
    const file = path.join(folder, `place of ${name}`);
    make(file);
    expect(inspectFile(file, limits)).toMatchObject({ kind: 'problem', problem: { reason, code } });
  });
});

test('an image above the size limit is listed, not read', () => {
  const file = path.join(folder, 'too-large.exe');
  writeFileSync(file, peBytes({ size: 2000 }));
  expect(inspectFile(file, { ...limits, maxFileSize: 1999 })).toMatchObject({
    kind: 'problem',
    problem: { reason: 'too-large', detail: '2000 bytes, limit 1999' },
  });
});

test('a scan that is stopped leaves a file in the middle', () => {
  let calls = 0;
  expect(inspect('stopped.exe', peBytes({ size: LARGE }), () => ++calls > 2)).toEqual({
    kind: 'stopped',
  });
});
