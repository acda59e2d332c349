import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Shipping } from '../../../agent/ship/shipping.ts';
import type { Spool } from '../../../agent/ship/spool.ts';
import { type FakeCollector, fakeCollector } from '../fake-collector.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { filledSpool, recordLine, until } from './sending.ts';

const folder = temporaryFolder();
let collector: FakeCollector;
let spool: Spool;
afterEach(async () => {
  spool.close();
  await collector.close();
});

describe('keepDraining', () => {
  test('sends what comes while it runs, waits for a collector that is away, and ends when told', async () => {
    let isAway = true;
    spool = filledSpool(path.join(folder, 'away'), 1);
    collector = await fakeCollector((_, response) => {
      if (isAway) response.writeHead(503).end();
      isAway = false;
    });
    const said: string[] = [];
    const log = {
      info: (text: string) => void said.push(text),
      warn: (text: string) => void said.push(text),
    };
    const address = { url: new URL(collector.url), tokenFile: undefined, ca: undefined };
    const shipping = new Shipping(spool, address, { log });
    const stop = new AbortController();
    const draining = shipping.keepDraining(stop.signal);
    await until(() => spool.isEmpty);
    spool.add('AgentFileCertificateInfo', recordLine(77), { flagged: true });
    spool.flush();
    await until(() => spool.isEmpty);
    stop.abort();
    await draining;
    await shipping.close();
    expect(collector.received.at(-1)?.text).toBe(recordLine(77));
    expect(said).toEqual([
      expect.stringContaining('answered 503'),
      expect.stringContaining('records are taken again'),
    ]);
  });

  test('ends in the middle of a wait', async () => {
    spool = filledSpool(path.join(folder, 'stuck'), 1);
    collector = await fakeCollector((_, response) => response.writeHead(401).end());
    const log = { info: () => {}, warn: () => {} };
    const address = { url: new URL(collector.url), tokenFile: undefined, ca: undefined };
    const shipping = new Shipping(spool, address, { log });
    const stop = new AbortController();
    const draining = shipping.keepDraining(stop.signal);
    await until(() => collector.received.length === 1);
    stop.abort();
    await draining;
    await shipping.close();
    expect(spool.count().rows).toBe(2);
  });
});
