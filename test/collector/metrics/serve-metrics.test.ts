import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CollectorMetrics } from '../../../collector/metrics/collector-metrics.ts';
import { addStoreGauges, type GaugeSources } from '../../../collector/metrics/store-gauges.ts';
import { StoreError } from '../../../collector/store/store-error.ts';
import { blocksOf } from '../../documents/tried-blocks.ts';
import { CollectorProcess, newToken, temporaryFolder } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';

const { folder: data, remove } = temporaryFolder();
const device = 'a'.repeat(40);
let collector: CollectorProcess;
let reader: string;

beforeAll(async () => {
  collector = await CollectorProcess.start(data, ['--require-tokens', '--log-level', 'debug']);
  reader = await newToken(data, '--reader', 'prometheus');
  const token = await newToken(data, '--device-id', device);
  const body = ndjson([1, 2, 3].map((ReportId) => record({ DeviceId: device, ReportId })));
  const sent = await collector.postRows('AgentFileCertificateInfo', body, {
    authorization: `Bearer ${token}`,
  });
  expect(sent.status).toBe(200);
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

const get = (address: string, headers: Record<string, string> = {}) =>
  fetch(collector.url + address, { headers });
const scrape = async () => (await get('/metrics', { authorization: `Bearer ${reader}` })).text();

/** Values by series. Throws where a line is not of the text format, or a series comes twice. */
function parseMetrics(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (?:HELP|TYPE) [a-z_]+ \S/.test(line)) continue;
    const [, series, value] =
      /^([a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\["\\n])*",?)+\})?) (\S+)$/.exec(line) ?? [];
    if (series === undefined || values.has(series)) throw new Error(`not a sample: ${line}`);
    values.set(series, Number(value));
  }
  return values;
}

test('/metrics needs a token where tokens are required; /healthz and /readyz need none', async () => {
  const answer = await get('/metrics');
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="certsweep"',
  ]);
  expect(await answer.text()).not.toContain('certsweep_collector_');
  expect((await get('/healthz')).status).toBe(200);
  expect([200, 503]).toContain((await get('/readyz')).status);
});

test('/metrics tells what the store holds, what waits, and how much disk is left', async () => {
  const values = parseMetrics(await scrape());
  const of = (name: string) => values.get(`certsweep_collector_${name}`) ?? Number.NaN;
  expect(of('store_answers')).toBe(1);
  expect([of('records'), of('devices'), of('devices_silent')]).toEqual([3, 1, 0]);
  expect(of('database_bytes') + of('wal_bytes')).toBeGreaterThan(50_000);
  expect(of('disk_free_bytes')).toBeGreaterThan(1_000_000);
  expect(Math.abs(of('newest_batch_time_seconds') - Date.now() / 1000)).toBeLessThan(120);
  expect([of('queue_length{queue="batches"}'), of('queue_length{queue="queries"}')]).toEqual([
    0, 0,
  ]);
  const stored = 'rows_total{table="AgentFileCertificateInfo",outcome="stored"}';
  expect(of(stored)).toBe(3);
  expect(values.has('certsweep_collector_certificate_end_time_seconds')).toBe(false); // plain HTTP
  expect(values.has('certsweep_collector_last_retention_time_seconds')).toBe(false); // it never ran
});

test('the alert rules of docs/deploy-collector.md are YAML and name metrics that are there', async () => {
  const [text = ''] = blocksOf('deploy-collector.md', 'yaml alerts');
  const { groups } = parse(text) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(5);
  const known = [...(await scrape()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const named = rules.flatMap(({ expr }) => expr.match(/certsweep_collector_\w+/g) ?? []);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  const [scrapeConfig = ''] = blocksOf('deploy-collector.md', 'yaml scrape');
  expect(parse(scrapeConfig)).toMatchObject({ scrape_configs: [{ scheme: 'https' }] });
});

test('no device, token or query is in the metrics', async () => {
  await collector.query('print Secret = "in-a-query"', undefined, {
    authorization: `Bearer ${reader}`,
  });
  await get('/of/nobody?token=in-an-address');
  const text = await scrape();
  for (const word of [device, reader.slice(-20), 'in-a-query', 'in-an-address', '/of/nobody'])
    expect(text).not.toContain(word);
});

test('/readyz is ready once the KQL parser has answered', async () => {
  await expect
    .poll(async () => (await get('/readyz')).status, { timeout: 30_000, interval: 200 })
    .toBe(200);
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
});

test.each([
  { name: 'a plain one is taken over', sent: 'job-7.a_B', echoed: /^job-7\.a_B$/ },
  { name: 'none gets one', sent: undefined, echoed: /^[\da-f-]{36}$/ },
  { name: 'one with a quote is replaced', sent: 'a"b', echoed: /^[\da-f-]{36}$/ },
  { name: 'one that is too long is replaced', sent: 'x'.repeat(65), echoed: /^[\da-f-]{36}$/ },
])('of request ids $name', async ({ sent, echoed }) => {
  const answer = await get('/healthz', sent === undefined ? {} : { 'x-request-id': sent });
  const id = answer.headers.get('x-request-id') ?? '';
  expect(id).toMatch(echoed);
  await expect.poll(() => collector.log).toContain(`"request":"${id}"`);
});

test.each([
  { name: 'never answers', answer: () => new Promise<never>(() => {}) },
  { name: 'has failed', answer: () => Promise.reject(new StoreError('failed', 'gone')) },
])(
  'of a store that $name the gauges are left out, and the others are there in time',
  async ({ answer }) => {
    const metrics = new CollectorMetrics();
    addStoreGauges(metrics, {
      store: { status: answer, run: answer },
      dataFolder: data,
      queues: () => ({ batches: 7 }),
      certificateEnd: () => new Date(1_000_000_000_000),
      clock: Date.now,
    } satisfies GaugeSources);
    const started = performance.now();
    const values = parseMetrics(await metrics.text());
    metrics.close();
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(values.get('certsweep_collector_store_answers')).toBe(0);
    expect(values.has('certsweep_collector_devices')).toBe(false);
    expect(values.get('certsweep_collector_queue_length{queue="batches"}')).toBe(7);
    expect(values.get('certsweep_collector_certificate_end_time_seconds')).toBe(1_000_000_000);
  },
);
