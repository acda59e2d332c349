import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BATCH_SIZE, InspectorPool } from '../../../agent/inspect/inspector-pool.ts';
import { isolateFailure } from '../../../agent/inspect/isolate-failure.ts';
import type { BatchResult } from '../../../agent/inspect/open-batch.ts';
import { BATCHES_PER_WORKER } from '../../../agent/start-worker.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { noTrust } from '../trust/no-trust.ts';

const folder = temporaryFolder();
const settings = { maxFileSize: 1e9, trust: noTrust };

describe('InspectorPool', () => {
  test('inspects more files than one batch holds, in two threads', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `${index}`);
    writeTree(folder, Object.fromEntries(names.map((name) => [name, 'text'])));
    writeTree(folder, { 'a.exe': peBytes() });
    const pool = new InspectorPool(2, settings);
    const batches: BatchResult[] = [];
    const paths = [...names, 'a.exe', 'missing'].map((name) => path.join(folder, name));
    for await (const batch of pool.inspect(paths)) batches.push(batch);
    await pool.close();
    expect(batches).toHaveLength(4);
    expect(batches.reduce((sum, { files }) => sum + files, 0)).toBe(1002);
    expect(batches.flatMap(({ images }) => images)).toMatchObject([{ size: 1024 }]);
    expect(batches.flatMap(({ problems }) => problems)).toMatchObject([{ reason: 'gone' }]);
  });

  test('draws no more paths than the batches of its one thread ahead of its reader', async () => {
    const pool = new InspectorPool(1, settings);
    let drawn = 0;
    function* paths() {
      for (; drawn < 100_000; drawn++) yield path.join(folder, 'missing');
    }
    for await (const _ of pool.inspect(paths())) break;
    await pool.close();
    expect(drawn).toBeLessThan((BATCHES_PER_WORKER + 1) * BATCH_SIZE);
  });

  test('finds the same with help of the main thread as without', async () => {
    const programs = Array.from({ length: 300 }, (_, index) => [`p/${index}.exe`, peBytes()]);
    const texts = Array.from({ length: 5000 }, (_, index) => [`p/${index}.txt`, 'text']);
    writeTree(folder, Object.fromEntries([...programs, ...texts]));
    const names = [...programs, ...texts].map(([name]) => path.join(folder, `${name}`));
    const inspectWith = async (threads: number | undefined) => {
      const pool = new InspectorPool(threads, settings);
      const images: string[] = [];
      const totals = { files: 0, other: 0 };
      for await (const batch of pool.inspect([...names, path.join(folder, 'missing')])) {
        images.push(...batch.images.map((image) => image.path));
        totals.files += batch.files;
        totals.other += batch.otherKinds.other ?? 0;
      }
      await pool.close();
      return { images: images.toSorted(), totals };
    };
    const alone = await inspectWith(1);
    expect(alone.totals).toEqual({ files: 5301, other: 5000 });
    expect(alone.images).toHaveLength(300);
    expect(await inspectWith(undefined)).toEqual(alone);
  });

  test('takes up nothing more once it is stopped', async () => {
    const pool = new InspectorPool(1, settings);
    pool.stop();
    const results: BatchResult[] = [];
    for await (const batch of pool.inspect([path.join(folder, 'a.exe')])) results.push(batch);
    await pool.close();
    expect(results).toMatchObject([{ files: 0, images: [] }]);
  });
});

describe('isolateFailure', () => {
  const fails = (bad: readonly string[]) => async (paths: string) => {
    const batch = paths.split('\0');
    if (batch.some((file) => bad.includes(file))) throw new Error('worker out of memory');
    const nothing = { images: [], problems: [], linked: [], hardLinks: 0 };
    return { ...nothing, files: batch.length, otherKinds: { other: batch.length } };
  };

  test.each([
    { name: 'no file', bad: [] },
    { name: 'the first', bad: ['a'] },
    { name: 'two of them', bad: ['b', 'e'] },
    { name: 'every file', bad: ['a', 'b', 'c', 'd', 'e'] },
  ])('costs only the file itself where a worker dies of $name', async ({ bad }) => {
    const result = await isolateFailure(['a', 'b', 'c', 'd', 'e'], fails(bad));
    expect(result.problems.map(({ path, reason }) => [path, reason])).toEqual(
      bad.map((file) => [file, 'inspection-failed']),
    );
    expect(result.files).toBe(5);
    expect(result.otherKinds.other ?? 0).toBe(5 - bad.length);
  });
});
