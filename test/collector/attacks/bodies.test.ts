import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ndjson, record } from '../records.ts';
import { bearer, DEVICE, TABLE, UnderAttack } from './under-attack.ts';

const MB = 1024 * 1024;
const good = record({ DeviceId: DEVICE, ReportId: 7 });
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const withFindings = (json: string) => `${ndjson([good]).trim().slice(0, -1)},"Findings":${json}}`;
const copies = (count: number, bytes: Uint8Array) =>
  Uint8Array.from(Buffer.concat(Array<Uint8Array>(count).fill(bytes)));

let under: UnderAttack;

beforeAll(async () => {
  under = await UnderAttack.start();
});

afterEach(async () => under.stillServes());
afterAll(async () => under.stop());

test.each([
  { name: 'a zstd bomb', encoding: 'zstd', body: () => zstdCompressSync(new Uint8Array(512 * MB)) },
  { name: 'a gzip bomb', encoding: 'gzip', body: () => gzipSync(new Uint8Array(256 * MB)) },
  {
    name: 'a bomb of many gzip members',
    encoding: 'gzip',
    body: () => copies(32, gzipSync(new Uint8Array(4 * MB))),
  },
  {
    name: 'a bomb of many zstd frames',
    encoding: 'zstd',
    body: () => copies(32, zstdCompressSync(new Uint8Array(4 * MB))),
  },
  { name: 'a line without an end', body: () => 'x'.repeat(15 * MB) },
  { name: 'more rows than a batch has', body: () => '{}\n'.repeat(4 * MB) },
  { name: 'more bytes than a body has', body: () => 'x'.repeat(17 * MB) },
])('$name is refused with 413', async ({ encoding, body }) => {
  const bytes = body();
  const sent = typeof bytes === 'string' ? bytes : Uint8Array.from(bytes);
  const headers = { ...bearer(under.device), ...(encoding && { 'content-encoding': encoding }) };
  const attacks = Array.from({ length: 3 }, () => under.collector.postRows(TABLE, sent, headers));
  for (const { status } of await Promise.all(attacks)) expect(status).toBe(413);
});

test.each([
  { name: 'JSON nested 100,000 levels deep as a line', body: () => deep(100_000) },
  { name: 'JSON nested 100,000 levels deep in a column', body: () => withFindings(deep(100_000)) },
  { name: 'JSON nested 100 levels deep in a column', body: () => withFindings(deep(100)) },
  { name: 'JSON that opens and never closes', body: () => '{"a":'.repeat(40_000) },
])('$name is refused with 400', async ({ body }) => {
  const { status, json } = await under.collector.postRows(TABLE, body(), bearer(under.device));
  expect([status, json]).toMatchObject([400, { error: { code: 'bad-rows' } }]);
});

test('a frame that claims a window of 128 MB is refused before it gets one', async () => {
  // Source: RFC 8878 §3.1.1.1: magic, descriptor without a content size, window descriptor 2^27, a raw block.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0x00, 0x00, 0x41);
  const headers = { ...bearer(under.device), 'content-encoding': 'zstd' };
  const { status, json } = await under.collector.postRows(TABLE, frame, headers);
  expect([status, json]).toMatchObject([400, { error: { code: 'bad-encoding' } }]);
});
