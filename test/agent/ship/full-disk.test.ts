import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeCollector } from '../fake-collector.ts';
import { peBytes } from '../pe-bytes.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const disk = path.join(folder, 'disk');
const state = path.join(disk, 'state');
const ballast = path.join(disk, 'ballast');
/** Bytes of the larger pieces of ballast. */
const LARGE = 256 * 1024;
const few = path.join(folder, 'few');
writeTree(few, { 'a.exe': peBytes(), 'b.exe': peBytes() });
/** Each with hashes of its own, which do not compress. */
const many = path.join(folder, 'many');
const sizes = Array.from({ length: 2000 }, (_, index) => 1024 + index);
writeTree(
  many,
  Object.fromEntries(sizes.map((size) => [`${size % 20}/${size}.exe`, peBytes({ size })])),
);

/** Mounts 2 MB of tmpfs. Only root may; in CI the tests run as root, and there a failure is a failure. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' });
    return true;
  } catch (error) {
    if (process.env.CI && process.getuid?.() === 0) throw error;
    console.warn(`certsweep: cannot mount a small disk (${error}): the full-disk test is LEFT OUT`);
    return false;
  }
}

/** Takes what is left of the disk. */
function fillDisk(): void {
  for (const size of [LARGE, 4096])
    for (let number = 0; ; number += 1) {
      try {
        writeFileSync(`${ballast}-${size}-${number}`, new Uint8Array(size));
      } catch {
        rmSync(`${ballast}-${size}-${number}`, { force: true });
        break; // full, which is what was wanted
      }
    }
}

function freeDisk(): void {
  for (const name of readdirSync(disk))
    if (name.startsWith('ballast')) rmSync(path.join(disk, name));
}

const mounted = mountSmallDisk();

describe.skipIf(!mounted)('a full disk', () => {
  beforeAll(() => mkdirSync(state, { mode: 0o700 }));
  afterAll(() => {
    execFileSync('umount', [disk]);
  });

  test('stops a scan whose records cannot be kept, and says so; what was kept before is still sent', async () => {
    const out = path.join(folder, 'sweep.ndjson');
    const scan = ['scan', '--format', 'ndjson', '--collector', 'http://127.0.0.1:9'];
    const unsent = await runAgent([...scan, few, '--state', state]);
    expect(unsent).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('3 rows wait on disk'),
    });

    fillDisk();
    rmSync(`${ballast}-${LARGE}-0`); // room for a spool, not for the records
    const full = await runAgent([...scan, many, '--out', out], {
      through: ['env', `TMPDIR=${disk}`],
    });
    expect(full.status).toBe(2);
    expect(full.stderr).toMatch(
      /certsweep: cannot write \S+spool\.sqlite \(.+\): records could not be kept for the collector/,
    );
    expect(existsSync(out)).toBe(false);

    freeDisk();
    const collector = await fakeCollector();
    const shipped = await runAgent(['ship', '--state', state, '--collector', collector.url]);
    await collector.close();
    expect(shipped).toMatchObject({ status: 0, stdout: expect.stringContaining('sent 3 rows') });
    expect(collector.rows('AgentFileCertificateInfo')).toHaveLength(2);
  });
});
