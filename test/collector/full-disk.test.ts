import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
const { folder, remove } = temporaryFolder();
const disk = path.join(folder, 'disk');
const ballast = path.join(disk, 'ballast');

/** Mounts 3 MB of tmpfs. Only root may; in CI the tests run as root, and there a failure is a failure. */
function mountSmallDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'pipe' });
    return true;
  } catch (error) {
    if (process.env.CI && process.getuid?.() === 0) throw error;
    console.warn(`certsweep: cannot mount a small disk (${error}): the full-disk test is LEFT OUT`);
    return false;
  }
}

function batch(index: number): string {
  const rows = Array.from({ length: 500 }, (_, row) =>
    record({ ReportId: index * 500 + row, FolderPath: `C:\\${index} ${'x'.repeat(200)} ${row}` }),
  );
  return ndjson(rows);
}

const mounted = mountSmallDisk();

describe.skipIf(!mounted)('a full disk', () => {
  let collector: CollectorProcess;

  beforeAll(async () => {
    writeFileSync(ballast, new Uint8Array(1024 * 1024));
    collector = await CollectorProcess.start(path.join(disk, 'data'));
  });

  afterAll(async () => {
    await collector.stop();
    execFileSync('umount', [disk]);
    remove();
  });

  test('is 507 and not acknowledged; once there is space the resend is stored', async () => {
    const answers: number[] = [];
    let index = 0;
    while (index < 40 && !answers.includes(507)) {
      answers.push((await collector.postRows(TABLE, batch(index))).status);
      index += 1;
    }
    const stored = answers.length - 1;
    expect(answers).toEqual([...Array(stored).fill(200), 507]);

    const refused = batch(index - 1);
    expect(await collector.postRows(TABLE, refused)).toMatchObject({
      status: 507,
      json: { error: { code: 'full' } },
    });
    const count = 'AgentFileCertificateInfo | count';
    expect((await collector.query(count)).json).toMatchObject({ rows: [[stored * 500]] });

    rmSync(ballast);
    expect(await collector.postRows(TABLE, refused)).toMatchObject({
      status: 200,
      json: { stored: 500, duplicate: false },
    });
    expect((await collector.query(count)).json).toMatchObject({ rows: [[(stored + 1) * 500]] });
  });
});

if (!mounted) remove();
