import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readBatch } from '../../../collector/ingest/read-batch.ts';
import type { SentBatch } from '../../../collector/ingest/sent-batch.ts';
import type { PackedRows } from '../../../collector/store/packed-rows.ts';
import { ndjson, record } from '../records.ts';

const OWN = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const own = (ReportId: number) => record({ DeviceId: OWN, ReportId });
const foreign = record({ DeviceId: OTHER });
const good = ndjson([own(1), own(2)]);

const bytes = (body: string | Uint8Array) => Uint8Array.from(Buffer.from(body as string));

function read(body: string | Uint8Array, change: Partial<SentBatch> = {}) {
  const passed: { id: string; rows: PackedRows }[] = [];
  const limits = { inflated: 100_000, rows: 3 };
  const sent: SentBatch = {
    ...{ table: 'AgentFileCertificateInfo', encoding: 'identity', batchHeader: undefined },
    ...{ deviceId: OWN, receivedAt: 1n, sentAt: undefined, limits, body: bytes(body) },
    ...change,
  };
  return { outcome: readBatch(sent, (id, rows) => passed.push({ id, rows })), passed };
}

test.each([
  { encoding: 'identity', body: bytes(good) },
  { encoding: 'gzip', body: bytes(gzipSync(good)) },
  { encoding: 'zstd', body: bytes(zstdCompressSync(good)) },
] as const)(
  'a good batch in $encoding is passed on by the name of its content',
  ({ encoding, body }) => {
    const batch = createHash('sha256').update(good).digest('hex');
    const { outcome, passed } = read(body, { encoding, batchHeader: batch });
    expect(outcome).toEqual({ kind: 'passed-on', batch });
    expect(passed).toMatchObject([{ id: batch, rows: { count: 2 } }]);
  },
);

test.each([
  { name: 'nothing', body: '', code: 'empty-body' },
  { name: 'blank lines', body: ' \n\n', code: 'empty-body' },
  { name: 'one bad row of two', body: `${ndjson([own(1)])}{}`, code: 'bad-rows' },
  { name: 'one row too many', body: ndjson([1, 2, 3, 4].map(own)), code: 'too-many-rows' },
  { name: 'a byte too many', body: 'x'.repeat(100_001), code: 'body-too-large' },
  {
    name: 'a body of another name',
    body: good,
    change: { batchHeader: OWN },
    code: 'batch-mismatch',
  },
  { name: 'two names', body: good, change: { batchHeader: ['a', 'b'] }, code: 'batch-mismatch' },
  { name: 'what is not zstd', body: good, change: { encoding: 'zstd' }, code: 'bad-encoding' },
  {
    name: 'what inflates past the limit',
    body: gzipSync('x'.repeat(100_001)),
    change: { encoding: 'gzip' },
    code: 'body-too-large',
  },
  {
    name: 'a bad row after another device: the rows are judged first',
    body: `${ndjson([foreign])}{}`,
    code: 'bad-rows',
  },
] as const)('$name: refused, and nothing is passed on', ({ body, code, ...more }) => {
  const { outcome, passed } = read(body, 'change' in more ? (more.change as object) : {});
  expect(outcome).toMatchObject({ kind: 'refused', code });
  expect(passed).toEqual([]);
});

test.each([
  { name: "another device's row", deviceId: OWN, rows: [own(1), foreign, foreign], row: 2 },
  { name: 'any row, with a token of no device', deviceId: null, rows: [own(1)], row: 1 },
])('$name is foreign, and nothing is passed on', ({ deviceId, rows, row }) => {
  const { outcome, passed } = read(ndjson(rows), { deviceId });
  expect(outcome).toEqual({ kind: 'foreign', row });
  expect(passed).toEqual([]);
});

test('without a token rows of any device are passed on', () => {
  const { outcome } = read(ndjson([own(1), foreign]), { deviceId: undefined });
  expect(outcome.kind).toBe('passed-on');
});
