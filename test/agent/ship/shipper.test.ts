import { createHash } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CommandError } from '../../../agent/exit-status.ts';
import { SweepTally, toSweepRow } from '../../../agent/report/sweep-tally.ts';
import { Shipper } from '../../../agent/ship/shipper.ts';
import { readToken } from '../../../agent/ship/token-file.ts';
import { type FakeCollector, fakeCollector } from '../fake-collector.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
let collector: FakeCollector | undefined;
afterEach(() => collector?.close());

const sweep = toSweepRow(new SweepTally(() => {}), {
  deviceId: 'ab'.repeat(20),
  deviceName: 'host',
  machineGroup: null,
  scanId: 'scan-1',
  startMs: 0,
  endMs: 1000,
  interrupted: false,
  roots: ['/'],
  ruleDigest: '',
  trustSource: 'tls-roots',
  liveContext: 'off',
  agentVersion: '0.0.0',
});

async function ship(
  to: FakeCollector,
  lines: readonly string[],
  pathPrefix = '',
): Promise<Shipper> {
  const shipper = new Shipper({ url: new URL(to.url + pathPrefix), token: 'secret' });
  for (const line of lines) await shipper.add(line);
  await shipper.finish(sweep);
  return shipper;
}

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => `{"ReportId":${index}}\n`);

describe('Shipper', () => {
  test('sends batches of 5,000 rows and the sweep row last, each with its digest and the token', async () => {
    collector = await fakeCollector();
    const shipper = await ship(collector, rows(5001));
    expect(shipper).toMatchObject({ sent: 5001, failure: undefined });
    expect(collector.received.map(({ path, text }) => [path, text.split('\n').length - 1])).toEqual(
      [
        ['/v1/tables/AgentFileCertificateInfo/rows', 5000],
        ['/v1/tables/AgentFileCertificateInfo/rows', 1],
        ['/v1/tables/AgentSweepInfo/rows', 1],
      ],
    );
    for (const { headers, text } of collector.received)
      expect(headers).toMatchObject({
        'certsweep-batch': createHash('sha256').update(text).digest('hex'),
        'content-encoding': 'zstd',
        authorization: 'Bearer secret',
      });
  });

  test('keeps the path of an address behind a proxy', async () => {
    collector = await fakeCollector();
    await ship(collector, [], '/certsweep/');
    expect(collector.received.map(({ path }) => path)).toEqual([
      '/certsweep/v1/tables/AgentSweepInfo/rows',
    ]);
  });

  test('tries the same batch again when the collector is busy', async () => {
    let answers = 0;
    collector = await fakeCollector((_, response) => {
      if (answers++ === 0) response.writeHead(503).end();
    });
    const shipper = await ship(collector, rows(3));
    expect(shipper).toMatchObject({ sent: 3, failure: undefined });
    expect(collector.received).toHaveLength(3);
    expect(collector.received[1]?.text).toBe(collector.received[0]?.text);
  });

  test.each([
    {
      name: 'the batch is refused',
      status: 400,
      body: '{"error":{"code":"bad-row","message":"line 1: no column Foo"}}',
      says: 'answered 400: line 1: no column Foo',
    },
    {
      name: 'somebody else answers 200',
      status: 200,
      body: '<html>Welcome</html>',
      says: 'is the address right?',
    },
    { name: 'the answer redirects', status: 302, body: '', says: 'no answer' },
  ])('says why nothing was sent where $name, and sends no more', async ({ status, body, says }) => {
    collector = await fakeCollector((_, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end(body);
    });
    const shipper = await ship(collector, rows(2));
    expect(shipper.sent).toBe(0);
    expect(shipper.failure?.message).toContain(says);
    expect(collector.rows('AgentSweepInfo')).toEqual([]);
  });

  test('says that nobody listens', async () => {
    const gone = await fakeCollector();
    await gone.close();
    const shipper = await ship(gone, rows(1));
    expect(shipper.failure?.message).toContain('no answer (ECONNREFUSED)');
  });
});

describe('readToken', () => {
  const file = path.join(folder, 'token');

  test.each([
    { name: 'can be read by others', content: 'secret', mode: 0o644, says: 'chmod 600' },
    { name: 'is empty', content: '\n', mode: 0o600, says: 'does not hold a token' },
    { name: 'holds two lines', content: 'a\nb', mode: 0o600, says: 'does not hold a token' },
  ])('refuses a file that $name', ({ content, mode, says }) => {
    writeFileSync(file, content);
    chmodSync(file, mode);
    expect(() => readToken(file)).toThrow(CommandError);
    expect(() => readToken(file)).toThrow(says);
  });

  test('reads the token without its line end', () => {
    writeFileSync(file, 'secret\n');
    chmodSync(file, 0o600);
    expect(readToken(file)).toBe('secret');
  });
});
