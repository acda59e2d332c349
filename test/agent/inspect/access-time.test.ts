import { readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkHeaders } from '../../../agent/inspect/check-headers.ts';
import { inspectPaths } from '../../../agent/inspect/inspect-batch.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const LONG_AGO = new Date('2001-01-01T00:00:00Z');
const LATER = new Date('2002-01-01T00:00:00Z');

/** A file that was changed after it was last read: its access time moves with the next read, also where relatime is set. */
function oldFile(name: string, content: string | Uint8Array): string {
  writeTree(folder, { [name]: content });
  const file = path.join(folder, name);
  utimesSync(file, LONG_AGO, LATER);
  return file;
}

function accessTimesAreKept(): boolean {
  const file = oldFile('control', 'text');
  readFileSync(file);
  return statSync(file).atimeMs !== LONG_AGO.getTime();
}

// Linux alone can read without a trace, and a file system mounted noatime keeps no access times at all.
const canTell = process.platform === 'linux' && accessTimesAreKept();
if (!canTell) console.warn('certsweep: no access times are kept here: their test is LEFT OUT');

test.skipIf(!canTell)('reading files leaves their access times as they were', () => {
  const files = [oldFile('a.exe', peBytes({ size: 700_000 })), oldFile('b.txt', 'text')];
  const context = { now: '2026-11-24T00:00:00Z', anchors: undefined };
  const options = { maxFileSize: 1e9, stopped: () => false, context };
  expect(inspectPaths(files.join('\0'), options)).toMatchObject({ files: 2, problems: [] });
  expect(checkHeaders(files, { stopped: () => false }).signable).toEqual([files[0]]);
  for (const file of files) expect(statSync(file).atimeMs).toBe(LONG_AGO.getTime());
});
