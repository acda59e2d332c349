import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { CollectorProcess, temporaryFolder } from './collector-process.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

test('a collector whose writing thread dies ends with 2 and says so, instead of failing every request', async () => {
  const trap = path.join(folder, 'trap.mjs');
  writeFileSync(
    trap,
    `import { existsSync } from 'node:fs';
     import { threadName } from 'node:worker_threads';
     if (threadName === 'sqlite-writer') setInterval(() => {
       if (existsSync(${JSON.stringify(path.join(folder, 'now'))})) throw new Error('out of memory');
     }, 20).unref();`,
  );
  const NODE_OPTIONS = `--import=${pathToFileURL(trap).href}`;
  const collector = await CollectorProcess.start(path.join(folder, 'data'), [], { NODE_OPTIONS });
  writeFileSync(path.join(folder, 'now'), '');
  expect(await collector.ended()).toBe(2);
  expect(collector.log).toContain(
    'the collector stops, because its store has failed: thread sqlite-writer failed: Error: out of memory; start it again',
  );
});
