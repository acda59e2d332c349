import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { reparseProblem } from '../../../agent/mounted/reparse-problem.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

test.each([
  { target: 'unsupported reparse tag 0x80000017', says: 'compressed by Windows' },
  { target: 'unsupported reparse tag 0x80000013', says: 'deduplicated' },
  { target: 'unsupported reparse tag 0x9000701A', says: 'kept by a cloud service' },
  { target: 'unsupported reparse tag 0x12345678', says: 'of a kind of its own' },
  { target: 'unsupported reparse point', says: 'not told' },
  { target: 'unsupported reparse tag 0x8000001b', says: undefined },
  { target: 'unsupported reparse tag 0xa000001d', says: undefined },
  { target: '/mnt/c/Users', says: undefined },
  { target: 'unsupported reparse tag', says: undefined },
])('a link to "$target"', ({ target, says }) => {
  const link = path.join(folder, target.replaceAll('/', '_'));
  symlinkSync(target, link);
  const problem = reparseProblem(link);
  if (says === undefined) expect(problem).toBeUndefined();
  else
    expect(problem).toMatchObject({
      path: link,
      reason: 'unreadable',
      code: 'reparse-point',
      detail: expect.stringContaining(says),
    });
});

test('a link that is gone is no problem of this kind', () => {
  expect(reparseProblem(path.join(folder, 'none'))).toBeUndefined();
});
