import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

const TABLE = 'AgentFileCertificateInfo';
/** Several processes start one after the other, 10 s on a quiet machine. */
const TIMEOUT_MS = 180_000;
const { folder, remove } = temporaryFolder();
afterAll(remove);
const place = (name: string) => path.join(folder, name);
const QUERY = `${TABLE} | order by ReportId asc | project ReportId, DeviceId, Signer`;

const batch = (from: number) =>
  ndjson(
    Array.from({ length: 500 }, (_, row) =>
      record({ ReportId: from + row, Signer: `Signer ${row % 9}`, FileName: `${from + row}.exe` }),
    ),
  );

describe('certsweep-collector backup', () => {
  test(
    'beside a serving collector that takes rows makes a data folder: same answer, same tokens, private',
    async () => {
      const data = place('data');
      const reader = await newToken(data, '--reader', 'hunter');
      const device = await newToken(data, '--device-id', 'a'.repeat(40));
      const asReader = { authorization: `Bearer ${reader}` };
      const asDevice = { authorization: `Bearer ${device}` };
      const serving = await CollectorProcess.start(data, ['--require-tokens']);
      const sent = await serving.postRows(TABLE, batch(0), asDevice);
      expect(sent.status).toBe(200);
      const before = await serving.query(QUERY, undefined, asReader);

      const out = place('backups/monday');
      let during = 0;
      let running = true;
      const load = async () => {
        for (let next = 500; running; next += 500) {
          const answer = await serving.postRows(TABLE, batch(next), asDevice);
          expect(answer.status).toBe(200);
          during += 1;
        }
      };
      const loading = load();
      const ran = await runCollector('backup', '--data', data, '--out', out);
      running = false;
      await loading;
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      expect(ran.stdout).toContain('records, tokens, approvals; ');
      expect(ran.stdout).toContain(`start it with --data ${out}`);
      expect(during).toBeGreaterThan(0);
      await serving.stop();

      expect(readdirSync(out).sort()).toEqual([
        'approvals.sqlite',
        'certsweep.sqlite',
        'doors.sqlite',
      ]);
      expect(readdirSync(place('backups'))).toEqual(['monday']);
      if (process.platform !== 'win32')
        expect([out, ...readdirSync(out).map((name) => path.join(out, name))].map(mode)).toEqual([
          0o700, 0o600, 0o600, 0o600,
        ]);

      const restored = await CollectorProcess.start(out, ['--require-tokens']);
      const after = await restored.query(`${QUERY} | where ReportId < 500`, undefined, asReader);
      expect(after).toEqual(before);
      const again = await restored.postRows(TABLE, batch(0), asDevice);
      expect(again).toMatchObject({ status: 200, json: { duplicate: true } });
      expect((await restored.query(QUERY)).status).toBe(401);
      await restored.stop();
    },
    TIMEOUT_MS,
  );

  test(
    "keeps the collector's own authority, so that agents trust what is restored",
    async () => {
      const data = place('tls-data');
      const serving = await CollectorProcess.start(data, ['--tls-self-signed']);
      const ran = await runCollector('backup', '--data', data, '--out', place('tls-backup'));
      await serving.stop();
      expect(ran.stdout).toContain('records, tokens, approvals, TLS keys');
      for (const name of readdirSync(path.join(data, 'tls'))) {
        const [ours, copied] = [data, place('tls-backup')].map((at) => path.join(at, 'tls', name));
        expect(readFileSync(copied ?? '')).toEqual(readFileSync(ours ?? ''));
        expect(mode(copied ?? '')).toBe(mode(ours ?? ''));
      }
    },
    TIMEOUT_MS,
  );

  test('never writes where something is, and says what to do', async () => {
    mkdirSync(place('taken'));
    const ran = await runCollector('backup', '--data', place('data'), '--out', place('taken'));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('is there already: name a new folder for --out');
    expect(readdirSync(place('taken'))).toEqual([]);
  });

  test('of a folder without a database fails and leaves nothing', async () => {
    const ran = await runCollector('backup', '--data', place('none'), '--out', place('nothing'));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('there is no collector database in');
    expect(readdirSync(folder).filter((name) => name.startsWith('nothing'))).toEqual([]);
    expect(existsSync(place('none'))).toBe(false);
  });
});

function mode(file: string): number {
  return statSync(file).mode & 0o777;
}
