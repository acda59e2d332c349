import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { SweepTally, toSweepRow } from '../../../agent/report/sweep-tally.ts';
import type { Patience } from '../../../agent/ship/patience.ts';
import { type DrainResult, Shipping } from '../../../agent/ship/shipping.ts';
import { Spool } from '../../../agent/ship/spool.ts';
import { type FakeCollector, fakeCollector, type ReceivedBatch } from '../fake-collector.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
let collector: FakeCollector | undefined;
let spool: Spool;
let folders = 0;
afterEach(async () => {
  spool.close();
  await collector?.close();
});

/** As `brief`, without the waiting. */
const hasty: Patience = { tries: 3, firstWaitMs: 1, longestWaitMs: 2, longestRetryAfterMs: 5000 };

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
  agentVersion: '0.0.0',
  liveContext: 'off',
});

const row = (id: number) => `{"ReportId":${id},"ScanId":"scan-1"}\n`;

function fill(rows: number): Spool {
  folders += 1;
  spool = Spool.open(`${folder}/${folders}`);
  for (let id = 0; id < rows; id += 1)
    spool.add('AgentFileCertificateInfo', row(id), { flagged: false });
  spool.add('AgentSweepInfo', `${JSON.stringify(sweep)}\n`, { flagged: false });
  return spool;
}

async function drain(
  url: string,
  patience = hasty,
): Promise<DrainResult & { readonly said: readonly string[] }> {
  const said: string[] = [];
  const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const address = { url: new URL(url), tokenFile: undefined, ca: undefined };
  const shipping = new Shipping(spool, address, { log });
  try {
    return { ...(await shipping.drainOnce(patience)), said };
  } finally {
    await shipping.close();
  }
}

type Answering = (batch: ReceivedBatch, response: ServerResponse, count: number) => void;

async function serve(answering: Answering): Promise<FakeCollector> {
  let count = 0;
  collector = await fakeCollector((batch, response) => answering(batch, response, count++));
  return collector;
}

describe('a collector that answers well', () => {
  test('gets batches of 5,000 rows and the sweep row last, each with its digest', async () => {
    fill(5001);
    const { url, received } = await serve(() => {});
    expect(await drain(url)).toMatchObject({ sentRows: 5002, problem: undefined, said: [] });
    expect(received.map(({ path, text }) => [path, text.split('\n').length - 1])).toEqual([
      ['/v1/tables/AgentFileCertificateInfo/rows', 5000],
      ['/v1/tables/AgentFileCertificateInfo/rows', 1],
      ['/v1/tables/AgentSweepInfo/rows', 1],
    ]);
    for (const { headers, text } of received)
      expect(headers).toMatchObject({
        'certsweep-batch': createHash('sha256').update(text).digest('hex'),
        'content-encoding': 'zstd',
      });
    expect(spool.count()).toEqual({ batches: 0, rows: 0 });
  });

  test('gets them below the path of its address', async () => {
    fill(0);
    const { url, received } = await serve(() => {});
    await drain(`${url}/certsweep/`);
    expect(received.map(({ path }) => path)).toEqual(['/certsweep/v1/tables/AgentSweepInfo/rows']);
  });
});
