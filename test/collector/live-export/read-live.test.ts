import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import type { LivePatience } from '../../../collector/live-export/ask-window.ts';
import { graphService } from '../../../collector/live-export/graph-service.ts';
import type { LiveService } from '../../../collector/live-export/live-service.ts';
import { logAnalyticsService } from '../../../collector/live-export/log-analytics-service.ts';
import { readLive } from '../../../collector/live-export/read-live.ts';
import { selfMadeIdentity } from '../../../collector/tls/self-made.ts';
import type { ExportError } from '../../../parsers/exports/export-error.ts';
import type { ExportItem } from '../../../parsers/exports/export-row.ts';
import { formatDatetime, parseDatetime } from '../../../parsers/record/datetime.ts';
import { temporaryFolder } from '../collector-process.ts';
import { QueryService, type Row, TOKEN, WORKSPACE } from './query-service.ts';

const FROM = ticks('2026-07-01T00:00:00Z');
const TO = ticks('2026-07-03T12:00:00Z');
const WINDOW = { from: FROM, to: TO };
const NOW = Date.parse('2026-07-03T12:00:00Z');
const HASTY: LivePatience = { tries: 3, firstWaitMs: 1, longestWaitMs: 2, totalMs: 20_000 };

function ticks(text: string): bigint {
  return parseDatetime(text) as bigint;
}

/** Rows at even distances over the window, the first and the last at its very ends, and two at one instant. */
function rowsOver(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const at = FROM + ((TO - FROM) * BigInt(index)) / BigInt(count - 1);
    return {
      Timestamp: formatDatetime(index === 1 ? FROM : at),
      DeviceId: 'd'.repeat(40),
      DeviceName: 'pc.example',
      SHA1: index.toString(16).padStart(40, '0'),
      IsSigned: true,
      Signer: 'GlavSoft LLC.',
      ReportId: index,
    };
  });
}

let service: QueryService | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});

const services = [
  {
    name: 'Microsoft Graph',
    serviceAt: (url: string) => graphService(url),
  },
  {
    name: 'Log Analytics',
    serviceAt: (url: string) => logAnalyticsService(WORKSPACE, NOW, url),
  },
];

interface Live {
  readonly items: ExportItem[];
  readonly lines: string[];
  readonly error: unknown;
}

async function live(
  from: LiveService,
  options: { token?: string; patience?: LivePatience; ca?: string } = {},
): Promise<Live> {
  const { token = TOKEN, patience = HASTY, ca } = options;
  const [items, lines]: [ExportItem[], string[]] = [[], []];
  let error: unknown;
  const tell = (line: string) => lines.push(line);
  const asked = { token: () => token, tell, patience, ...(ca !== undefined && { ca }) };
  try {
    for await (const batch of readLive(from, WINDOW, asked)) items.push(...batch);
  } catch (caught) {
    error = caught;
  }
  return { items, lines, error };
}

const hashes = ({ items }: Live) =>
  items.flatMap((item) => (item.kind === 'row' ? [item.row.SHA1] : []));

function failing(status: number, headers = {}, body = '{}'): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

describe.each(services)('from $name', ({ name, serviceAt }) => {
  const limited = (url: string, mostRows: number): LiveService => ({ ...serviceAt(url), mostRows });

  test('every row of the window comes once, day by day, with its place in the whole', async () => {
    const rows = rowsOver(500);
    service = await QueryService.start({ rows });
    const got = await live(serviceAt(service.url));
    expect(got.error).toBeUndefined();
    expect(hashes(got)).toEqual(rows.map(({ SHA1 }) => SHA1));
    const places = got.items.flatMap((item) => (item.kind === 'row' ? [item.place] : []));
    expect(places).toEqual(rows.map((_, index) => index + 1));
    expect(got.items.at(-1)).toMatchObject({ kind: 'end', counts: { rows: 500, bad: 0 } });
    expect(service.asked).toHaveLength(3);
    for (const { headers } of service.asked)
      expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
  });

  test.each([
    { count: 11, requests: 3 },
    { count: 100, requests: 3 },
    { count: 1000, requests: 31 + 31 + 15 },
  ])(
    '$count rows past the limit are asked for in halves, none lost and none twice',
    async ({ count, requests }) => {
      const rows = rowsOver(count);
      service = await QueryService.start({ rows, limit: 50 });
      const got = await live(limited(service.url, 50));
      expect(got.error).toBeUndefined();
      expect(hashes(got)).toEqual(rows.map(({ SHA1 }) => SHA1));
      expect(service.asked).toHaveLength(requests);
    },
  );

  test('an instant with more rows than an answer may have is an error that names it, never a cut answer', async () => {
    const rows = [...rowsOver(20), ...rowsOver(80).map((row) => ({ ...row, Timestamp: at }))];
    service = await QueryService.start({ rows, limit: 50 });
    const { error } = await live(limited(service.url, 50));
    expect(error).toMatchObject({ name: 'ExportError', code: 'partial-result' });
    expect((error as ExportError).place).toMatch(/^2026-07-02T06:30:\d\d\.\d+Z to /);
    expect(service.asked.length).toBeLessThan(40);
  });
  const at = '2026-07-02T06:30:01Z';

  test.each([
    { what: 'status 429 with seconds', answer: failing(429, { 'retry-after': '1' }), least: 1000 },
    {
      what: 'status 503 with a date',
      answer: (...[, response]: Parameters<RequestListener>) =>
        void response
          .writeHead(503, { 'retry-after': new Date(Date.now() + 2000).toUTCString() })
          .end(),
      least: 500,
    },
    { what: 'status 504', answer: failing(504), least: 0 },
    {
      what: 'a broken connection',
      answer: (({ socket }) => socket.destroy()) as RequestListener,
      least: 0,
    },
    {
      what: 'a body that ends too early',
      answer: ((_request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"schema":[');
        setTimeout(() => response.destroy(), 20);
      }) as RequestListener,
      least: 0,
    },
    { what: 'JSON that is cut', answer: failing(200, {}, '{"tables":[{"name":"Pri'), least: 0 },
    { what: 'an empty body', answer: failing(200, {}, ''), least: 0 },
  ])('$what is tried again after a wait', async ({ answer, least }) => {
    const rows = rowsOver(20);
    service = await QueryService.start({ rows, first: [answer] });
    const started = Date.now();
    const got = await live(serviceAt(service.url));
    expect(got.error).toBeUndefined();
    expect(hashes(got)).toEqual(rows.map(({ SHA1 }) => SHA1));
    expect(Date.now() - started).toBeGreaterThanOrEqual(least);
    expect(service.asked).toHaveLength(4);
    expect(got.lines[0]).toMatch(/; next try in \d+ s$/);
  });

  test('tries are bounded, and what was read before counts', async () => {
    const busy = failing(503, {}, '{"error":{"code":"Busy","message":"not\\u001b[2J now"}}');
    service = await QueryService.start({
      rows: rowsOver(20),
      first: [undefined, ...Array(9).fill(busy)],
    });
    const got = await live(serviceAt(service.url));
    expect(got.error).toMatchObject({ code: 'service-error' });
    expect((got.error as Error).message).toContain(
      'answered 503: Busy: not\\u{1b}[2J now; tried 3 times',
    );
    expect(hashes(got)).toHaveLength(8);
    expect(service.asked).toHaveLength(4);
  });

  test('the time of all tries is bounded', async () => {
    service = await QueryService.start({
      rows: [],
      first: [failing(429, { 'retry-after': '300' })],
    });
    const got = await live(serviceAt(service.url), { patience: { ...HASTY, totalMs: 2000 } });
    expect((got.error as Error).message).toContain('the time for all of it has passed');
    expect(service.asked).toHaveLength(1);
  });

  test.each([
    { status: 401, says: 'is not valid here or has ended' },
    { status: 403, says: 'the token lacks' },
  ])('status $status names the permission and is not tried again', async ({ status, says }) => {
    const answer = failing(status, {}, '{"error":{"code":"Forbidden","message":"no"}}');
    service = await QueryService.start({ rows: [], first: [answer] });
    const from = serviceAt(service.url);
    const { error } = await live(from);
    expect(error).toMatchObject({ code: 'service-error' });
    const { message } = error as Error;
    expect(message).toContain(`${name} answered ${status}: the token`);
    expect(message).toContain(says);
    expect(message).toContain(from.permission);
    expect(message).not.toContain(TOKEN);
    expect(service.asked).toHaveLength(1);
  });

  test.each([
    { what: 'a page', body: '<html>sign in</html>' },
    { what: 'an object of another kind', body: '{"value":[]}' },
    { what: 'a number', body: '42' },
    {
      what: 'columns without a time',
      body: '{"schema":[{"name":"A","type":"String"}],"results":[],"tables":[{"name":"t","columns":[{"name":"A"}],"rows":[]}]}',
    },
  ])('$what instead of an answer is refused', async ({ body }) => {
    service = await QueryService.start({ rows: [], first: [failing(200, {}, body)] });
    const { error } = await live(serviceAt(service.url));
    expect(error).toMatchObject({ code: 'service-error' });
    expect(service.asked).toHaveLength(1);
  });

  test.each([302, 307, 308])(
    'a redirect (%i) is refused, and the token goes nowhere else',
    async (status) => {
      const other = await QueryService.start({ rows: rowsOver(5) });
      const answer = failing(status, { location: `${other.url}/v1.0/security/runHuntingQuery` });
      service = await QueryService.start({ rows: [], first: [answer] });
      const { error } = await live(serviceAt(service.url));
      await other.close();
      expect((error as Error).message).toContain('a redirect, which is not followed');
      expect(other.asked).toEqual([]);
    },
  );

  test('bad rows are counted and placed, the others kept', async () => {
    const rows = rowsOver(30).map((row, index) =>
      index === 25 ? { ...row, ReportId: 'many' } : row,
    );
    service = await QueryService.start({ rows });
    const got = await live(serviceAt(service.url));
    expect(hashes(got)).toHaveLength(29);
    expect(got.items.filter(({ kind }) => kind === 'bad')).toMatchObject([
      { problem: { place: 26, column: 'ReportId' } },
    ]);
  });

  test('no file of an answer is left', async () => {
    service = await QueryService.start({ rows: rowsOver(5), first: [undefined, failing(400)] });
    await live(serviceAt(service.url));
    const left = readdirSync(tmpdir()).filter((file) => file.startsWith('certsweep-answer-'));
    expect(left).toEqual([]);
  });

  test('TLS: a certificate is judged by its authority', async () => {
    const { folder, remove } = temporaryFolder();
    const here = { kind: 'ip', text: '127.0.0.1', bytes: Uint8Array.of(127, 0, 0, 1) } as const;
    const { cert, key, ca } = selfMadeIdentity(folder, [here], new Date());
    service = await QueryService.start({ rows: rowsOver(5), tls: { cert, key } });
    const trusted = await live(serviceAt(service.url), { ca: ca.toString() });
    expect(trusted.error).toBeUndefined();
    expect(hashes(trusted)).toHaveLength(5);
    const { error } = await live(serviceAt(service.url));
    expect((error as Error).message).toMatch(/self-signed|unable to verify|local issuer/);
    expect(service.asked).toHaveLength(3); // of the first alone: no token goes to a stranger
    remove();
  });
});

test('Graph: an answer refused for its size is asked for in halves', async () => {
  const rows = rowsOver(200);
  service = await QueryService.start({ rows, limit: 50, beyond: 'refuse' });
  const got = await live(graphService(service.url));
  expect(got.error).toBeUndefined();
  expect(hashes(got)).toEqual(rows.map(({ SHA1 }) => SHA1));
});

test('Graph is told the time as Timespan, Log Analytics as timespan that late rows are in', async () => {
  service = await QueryService.start({ rows: rowsOver(5) });
  await live(graphService(service.url));
  await live(logAnalyticsService(WORKSPACE, NOW, service.url));
  const [graph] = service.asked;
  expect(graph?.body.Timespan).toBe('2026-07-01T00:00:00Z/2026-07-01T23:59:59.9999999Z');
  const logs = service.asked.at(-1);
  expect(logs?.body.timespan).toBe('2026-07-02T00:00:00Z/2026-07-04T12:00:00Z');
  expect(logs?.headers.prefer).toBe('wait=600');
});
