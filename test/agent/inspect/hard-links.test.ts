import { linkSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectPaths } from '../../../agent/inspect/inspect-batch.ts';
import { InspectorPool } from '../../../agent/inspect/inspector-pool.ts';
import { LastLinked, LinkedFiles } from '../../../agent/inspect/linked-files.ts';
import type { BatchResult } from '../../../agent/inspect/open-batch.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { noTrust } from '../trust/no-trust.ts';

const folder = temporaryFolder();
const signed = readFileSync(
  path.join(import.meta.dirname, '../../../fixtures/pe/glavsoft-malformed.exe'),
);
const at = (name: string) => path.join(folder, name);

writeTree(folder, { 'single.exe': peBytes(), 'first.exe': signed, 'text.txt': 'text' });
for (let index = 0; index < 600; index++) linkSync(at('first.exe'), at(`further-${index}.exe`));
linkSync(at('text.txt'), at('text-2.txt'));
const further = Array.from({ length: 600 }, (_, index) => at(`further-${index}.exe`));

const options = {
  maxFileSize: 1e9,
  stopped: () => false,
  context: { now: '2026-11-24T00:00:00Z', anchors: undefined },
};

describe('a file with several names', () => {
  test.each([{ threads: undefined }, { threads: 1 }, { threads: 3 }])(
    'has an image for each, and is hashed once for 256 of them ($threads workers)',
    async ({ threads }) => {
      const pool = new InspectorPool(threads, { maxFileSize: 1e9, trust: noTrust });
      const results: BatchResult[] = [];
      const paths = [at('text.txt'), at('first.exe'), at('single.exe'), ...further];
      for await (const result of pool.inspect([...paths, at('text-2.txt')])) results.push(result);
      await pool.close();
      const images = results.flatMap((result) => result.images);
      expect(images.map((image) => image.path).toSorted()).toEqual(paths.slice(1).toSorted());
      expect(new Set(images.map(({ sha256 }) => sha256)).size).toBe(2);
      expect(sum(results, ({ files }) => files)).toBe(604);
      // 601 names in batches of 256, the first of each read
      expect(sum(results, ({ hardLinks }) => hardLinks)).toBe(598);
    },
  );

  test('comes back unread from the first pass, under an id that its names share', () => {
    const paths = [at('further-1.exe'), at('single.exe'), at('first.exe'), at('text-2.txt')];
    const result = inspectPaths(paths.join('\0'), { ...options, links: 'defer' });
    expect(result).toMatchObject({ files: 2, otherKinds: { other: 1 }, hardLinks: 0 });
    expect(result.images.map((image) => image.path)).toEqual([at('single.exe')]);
    expect(result.linked.map((linked) => linked.path)).toEqual([
      at('further-1.exe'),
      at('first.exe'),
    ]);
    expect(new Set(result.linked.map(({ id }) => id)).size).toBe(1);
  });

  test('has its problems listed under every name', () => {
    const paths = [at('first.exe'), at('further-7.exe')];
    const result = inspectPaths(paths.join('\0'), { ...options, links: new LastLinked() });
    expect(result.problems.map((problem) => [problem.path, problem.reason])).toEqual(
      paths.map((file) => [file, 'malformed']),
    );
  });

  test('is a script under the name of one only', () => {
    writeTree(folder, { 'a.ps1': 'x\r\n# SIG # End signature block\r\n' });
    linkSync(at('a.ps1'), at('a.txt'));
    const paths = [at('a.ps1'), at('a.txt')];
    const result = inspectPaths(paths.join('\0'), { ...options, links: new LastLinked() });
    expect(result.otherKinds).toEqual({ script: 1, other: 1 });
  });
});

describe('LinkedFiles', () => {
  const take = (groups: readonly number[], size: number) => {
    const files = new LinkedFiles();
    for (const [id, count] of groups.entries())
      for (let name = 0; name < count; name++) files.add([{ path: `${id}/${name}`, id: `${id}` }]);
    return [...files.take(size)].map((batch) => batch.map((name) => name.split('/')[0]).join(''));
  };

  test.each([
    { name: 'nothing', groups: [], batches: [] },
    { name: 'one file that fits', groups: [3], batches: ['000'] },
    { name: 'files that fit together', groups: [2, 2], batches: ['0011'] },
    { name: 'a file that no longer fits', groups: [3, 2], batches: ['000', '11'] },
    {
      name: 'a file with more names than a batch',
      groups: [1, 9],
      batches: ['0', '1111', '1111', '1'],
    },
  ])('makes batches of four of $name', ({ groups, batches }) => {
    expect(take(groups, 4)).toEqual(batches);
  });

  test('is full with 50,000 names, and empty once they were taken', () => {
    const files = new LinkedFiles();
    files.add(Array.from({ length: 49_999 }, (_, id) => ({ path: 'a', id: `${id}` })));
    expect(files.isFull).toBe(false);
    files.add([{ path: 'b', id: 'b' }]);
    expect(files.isFull).toBe(true);
    expect([...files.take(256)].flat()).toHaveLength(50_000);
    expect(files.isFull).toBe(false);
    expect([...files.take(256)]).toEqual([]);
  });
});

function sum(results: readonly BatchResult[], of: (result: BatchResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0);
}
