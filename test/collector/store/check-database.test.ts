import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../../collector/store/sqlite/check-database.ts';
import { integrityProblems } from '../../../collector/store/sqlite/check-integrity.ts';
import { databaseFile, openForReading } from '../../../collector/store/sqlite/open-database.ts';
import { SCHEMA_VERSION } from '../../../collector/store/sqlite/schema.ts';
import { CollectorProcess, runCollector, temporaryFolder } from '../collector-process.ts';
import { Random } from '../query/random.ts';
import { ndjson, record } from '../records.ts';

const { folder, remove } = temporaryFolder();
const sound = path.join(folder, 'sound');
const killed = path.join(folder, 'killed');
/** Several processes start one after the other, 10 s on a quiet machine. */
const TIMEOUT_MS = 180_000;
const rows = ndjson(
  Array.from({ length: 2_000 }, (_, index) =>
    record({
      ReportId: index,
      Signer: `Signer ${index % 9}`,
      FolderPath: `C:\\folder ${index}`,
      FileName: `${index}.exe`,
    }),
  ),
);

beforeAll(async () => {
  for (const [data, signal] of [
    [sound, 'SIGTERM'],
    [killed, 'SIGKILL'],
  ] as const) {
    const collector = await CollectorProcess.start(data);
    await collector.postRows('AgentFileCertificateInfo', rows);
    await collector.stop(signal);
  }
}, TIMEOUT_MS);
afterAll(remove);

/** A copy of the sound data folder, so that each case has its own. */
function copy(name: string): string {
  const data = path.join(folder, name);
  cpSync(sound, data, { recursive: true });
  return data;
}

/** Overwrites a stretch in the middle by random bytes. */
function scramble(file: string): void {
  const bytes = readFileSync(file);
  const random = new Random(6);
  const middle = Math.floor(bytes.length / 2);
  for (let at = middle; at < middle + 20_000; at += 1) bytes[at] = random.below(256);
  writeFileSync(file, bytes);
}

function setVersion(file: string, version: number): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA user_version = ${version}`);
  db.close();
}

const CASES = [
  { name: 'random bytes in the middle', harm: scramble },
  {
    name: 'half of its bytes',
    harm: (file: string) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
  },
  { name: '50 bytes', harm: (file: string) => truncateSync(file, 50) },
  { name: 'no bytes', harm: (file: string) => truncateSync(file, 0) },
  {
    name: 'something that is no database',
    harm: (file: string) => writeFileSync(file, 'Timestamp,DeviceId\n'.repeat(1_000)),
  },
  { name: 'a database of another program', harm: (file: string) => setVersion(file, 0) },
  {
    name: 'a schema of a newer version',
    harm: (file: string) => setVersion(file, SCHEMA_VERSION + 1),
    says: 'use the newer version of certsweep-collector',
  },
] as const;

describe.each(CASES)('a database with $name', ({ name, harm, ...rest }) => {
  const says = 'says' in rest ? rest.says : 'start with a copy that backup made';

  test.each([
    ['serve', '--listen', '127.0.0.1:0'],
    ['import', path.join(folder, 'some.ndjson')],
  ])('is refused by %s with the remedy, and stays byte for byte', async (...command) => {
    writeFileSync(path.join(folder, 'some.ndjson'), ndjson([record({ ReportId: 9 })]));
    const data = copy(`${name} ${command[0]}`);
    harm(databaseFile(data));
    const before = readFileSync(databaseFile(data));
    const ran = await runCollector(...command, '--data', data);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
    expect(readFileSync(databaseFile(data)).equals(before)).toBe(true);
  });
});

describe('a database', () => {
  test('that was closed in order is sound', () => {
    expect(checkDatabase(sound)).toMatchObject({ kind: 'checked' });
    expect(findProblems(sound)).toEqual([]);
  });

  test('of a killed collector is sound, and the check leaves file and WAL as they are', () => {
    const files = [databaseFile(killed), `${databaseFile(killed)}-wal`];
    const before = files.map((file) => readFileSync(file));
    expect(before[1]?.length).toBeGreaterThan(0);
    expect(checkDatabase(killed)).toMatchObject({ kind: 'checked' });
    expect(findProblems(killed)).toEqual([]);
    expect(files.map((file) => readFileSync(file))).toEqual(before);
  });

  test('whose index disagrees with its table is found by the full check alone', () => {
    const data = copy('index');
    const db = new DatabaseSync(databaseFile(data), { defensive: false });
    db.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, '(Signer)', '(Issuer)') WHERE name = 'certificate_by_signer'`);
    db.close();
    expect(checkDatabase(data)).toMatchObject({ kind: 'checked' });
    expect(findProblems(data)).toContainEqual(expect.stringContaining('certificate_by_signer'));
  });

  test('that is gone while its WAL is there is not made anew', async () => {
    const data = path.join(folder, 'no-file');
    cpSync(killed, data, { recursive: true });
    rmSync(databaseFile(data));
    const ran = await runCollector('serve', '--data', data, '--listen', '127.0.0.1:0');
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('its WAL is there, the file itself is gone');
    expect(existsSync(databaseFile(data))).toBe(false);
  });

  test(
    'whose making was interrupted is made anew; the log tells what was looked through',
    async () => {
      const data = path.join(folder, 'half-made');
      const collector = await CollectorProcess.start(data);
      expect(collector.log + (await logOf(collector))).toContain('the database is new');
      await collector.stop();
      const half = path.join(folder, 'half-made-2');
      cpSync(data, half, { recursive: true });
      rmSync(databaseFile(half));
      writeFileSync(`${databaseFile(half)}.new`, 'half');
      const again = await CollectorProcess.start(half);
      await again.stop();
      const third = await CollectorProcess.start(half);
      expect(await logOf(third)).toMatch(
        /the database is sound: \d+ bytes looked through in \d+ ms/,
      );
      await third.stop();
    },
    TIMEOUT_MS,
  );
});

/** The log is written beside standard output: it may come a little later. */
async function logOf(collector: CollectorProcess): Promise<string> {
  await expect.poll(() => collector.log).toContain('listening on');
  return collector.log;
}

function findProblems(data: string): readonly string[] {
  const db = openForReading(data);
  try {
    return integrityProblems(db);
  } finally {
    db.close();
  }
}
