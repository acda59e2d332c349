import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runAgent } from './run-agent.ts';
import { temporaryFolder, writeTree } from './temporary-folder.ts';

test('many files that look left over are told by three of them and a count', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'tree'));
  const names = Array.from(
    { length: 50 },
    (_, index) => `r.${(index + 0x10000000).toString(16)}.part`,
  );
  writeTree(folder, Object.fromEntries(names.map((name) => [name, ''])));
  const out = path.join(folder, 'r');
  const run = await runAgent(['scan', path.join(folder, 'tree'), '--out', out, '--quiet']);
  expect(run.status).toBe(0);
  expect(run.stderr.match(/was left by a scan that was killed/g)).toHaveLength(3);
  expect(run.stderr).toContain('and 47 more such files beside it');
});
