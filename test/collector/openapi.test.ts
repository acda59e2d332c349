import Schema from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApprovalBook } from '../../collector/approvals/approval-book.ts';
import { Doorkeeper } from '../../collector/doors/doorkeeper.ts';
import { Doors } from '../../collector/doors/doors.ts';
import type { TokenKind } from '../../collector/doors/token.ts';
import { Readiness } from '../../collector/health/readiness.ts';
import { CollectorLog } from '../../collector/log/collector-log.ts';
import { CollectorMetrics } from '../../collector/metrics/collector-metrics.ts';
import { createServer, DEFAULT_SERVER_LIMITS } from '../../collector/server.ts';
import { SqliteStore } from '../../collector/store/sqlite/sqlite-store.ts';
import { CollectorProcess, newToken, temporaryFolder } from './collector-process.ts';
import { ndjson, record } from './records.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly Partial<Record<TokenKind, []>>[];
  readonly responses: Readonly<Record<string, { content: Record<string, { schema: object }> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const { folder: data, remove } = temporaryFolder();
const device = 'a'.repeat(40);
const tokens = new Map<TokenKind, string>();
let collector: CollectorProcess;
let document: Document;

beforeAll(async () => {
  collector = await CollectorProcess.start(data, ['--require-tokens', '--hunt-every', '1h']);
  tokens.set('device', await newToken(data, '--device-id', device));
  for (const kind of ['reader', 'operator'] as const)
    tokens.set(kind, await newToken(data, `--${kind}`, kind));
  tokens.set('key', await newToken(data, '--key'));
  document = (await (await fetch(`${collector.url}/v1/openapi.json`)).json()) as Document;
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([address, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ name: `${method.toUpperCase()} ${address}`, address, operation },
      method: method.toUpperCase(),
    })),
  );

test('each registered route is in the document, and the reverse', async () => {
  const { folder, remove: removeFolder } = temporaryFolder();
  const doors = new Doors(folder, Date.now);
  const approvals = new ApprovalBook(folder);
  const store = await SqliteStore.open(folder, 'read-write');
  const metrics = new CollectorMetrics();
  const server = createServer({
    ...{
      store,
      intake: store,
      compiler: store,
      doors,
      approvals,
      metrics,
      limits: DEFAULT_SERVER_LIMITS,
    },
    ...{ identity: undefined, trustedProxies: [], clock: Date.now },
    doorkeeper: new Doorkeeper({ doors, required: false, clock: Date.now, audit: () => {} }),
    log: new CollectorLog('error', { write: () => {}, terminal: false }),
    readiness: new Readiness(folder, Date.now),
  });
  const registered: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    registered.push(`${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
  });
  await server.ready();
  const documented = operations().map(({ name }) => name);
  expect(documented.length).toBeGreaterThan(10);
  // Fastify adds a HEAD to each GET.
  expect(registered.filter((name) => !name.startsWith('HEAD ')).sort()).toEqual(documented.sort());
  await server.close();
  await store.close();
  metrics.close();
  doors.close();
  approvals.close();
  removeFolder();
});

test('each operation has a summary, an id of its own, and schemas for its answer and its errors', () => {
  expect(document.openapi).toBe('3.1.1');
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, operation } of operations()) {
    expect(operation.summary, name).toMatch(/^\S.{5,}[^.]$/);
    expect(Object.keys(operation.responses), name).toEqual(
      expect.arrayContaining(['200', 'default']),
    );
  }
});

const JSON_BODY = { 'content-type': 'application/json' };
const json = (body: object) => ({ body: JSON.stringify(body), headers: JSON_BODY });
const query = 'AgentFileCertificateInfo | extend Now = now() | take 5';
const rows = { headers: { 'content-type': 'application/x-ndjson' } };

interface Sample {
  readonly of: string;
  readonly status: number;
  readonly address?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

const REVOKE = 'POST /v1/tokens/{id}/revoke';
const ROWS = 'POST /v1/tables/{table}/rows';
const LOGS = 'POST /v1/workspaces/{workspace}/query';
const LOGS_ADDRESS = '/v1/workspaces/any/query';
const ROWS_ADDRESS = '/v1/tables/AgentFileCertificateInfo/rows';

const APPROVAL = 'PUT /v1/approvals/{id}';
const APPROVAL_ADDRESS = '/v1/approvals/one';
const approval = {
  ...{ tool: 'TightVNC', signers: ['GlavSoft LLC'], sha256: ['5'.repeat(64)] },
  ...{ devices: { names: ['pc-*'] }, owner: 'me', reason: 'a test', ticket: 'T-1' },
  expires: new Date(Date.now() + 86_400_000).toISOString(),
};

/** Answers of every kind that a route gives. The last one ends a token. */
const SAMPLES: readonly Sample[] = [
  { of: 'GET /healthz', status: 200 },
  { of: 'GET /metrics', status: 200 },
  { of: 'GET /v1/openapi.json', status: 200 },
  {
    ...{ of: ROWS, status: 200, address: ROWS_ADDRESS, ...rows },
    body: ndjson([1, 2].map((ReportId) => record({ DeviceId: device, ReportId }))),
  },
  { of: ROWS, status: 400, address: ROWS_ADDRESS, ...rows, body: '{"Nothing":1}' },
  { of: ROWS, status: 404, address: '/v1/tables/Other/rows', ...rows, body: '{}' },
  { of: 'GET /v1/devices', status: 200 },
  { of: 'GET /v1/devices', status: 400, address: '/v1/devices?limit=x' },
  { of: 'GET /v1/hunts', status: 200 },
  { of: 'GET /v1/findings', status: 200 },
  { of: 'GET /v1/findings', status: 400, address: '/v1/findings?state=x' },
  { of: 'POST /v1/hunts/run', status: 200 },
  { of: 'POST /v1/query', status: 200, ...json({ query }) },
  { of: 'POST /v1/query', status: 400, ...json({ query: 'Nowhere | count' }) },
  { of: 'POST /v1/hunt', status: 200, ...json({ rule: 'TightVNC', findings: true }) },
  { of: 'POST /v1/hunt', status: 400, ...json({ rule: 'no such rule' }) },
  { of: APPROVAL, status: 400, address: APPROVAL_ADDRESS, ...json({ ...approval, owner: ' ' }) },
  { of: APPROVAL, status: 200, address: APPROVAL_ADDRESS, ...json(approval) },
  { of: 'GET /v1/approvals', status: 200 },
  {
    ...{ of: 'GET /v1/approvals/{id}/history', status: 200 },
    address: `${APPROVAL_ADDRESS}/history`,
  },
  {
    ...{ of: 'GET /v1/approvals/{id}/history', status: 404 },
    address: '/v1/approvals/none/history',
  },
  { of: 'DELETE /v1/approvals/{id}', status: 200, address: APPROVAL_ADDRESS },
  { of: 'DELETE /v1/approvals/{id}', status: 404, address: '/v1/approvals/none' },
  { of: 'POST /v2/rest/query', status: 200, ...json({ csl: query }) },
  {
    ...{ of: 'POST /v2/rest/query', status: 200 },
    ...json({
      csl: 'AgentFileCertificateInfo',
      properties: { Options: { truncationmaxrecords: 1 } },
    }),
  },
  { of: 'POST /v2/rest/query', status: 400, ...json({ csl: 'Nowhere' }) },
  { of: 'POST /v1/rest/query', status: 200, ...json({ csl: query }) },
  { of: 'POST /v1/rest/query', status: 400, ...json({ csl: 'Nowhere' }) },
  { of: 'POST /v1/rest/mgmt', status: 200, ...json({ csl: '.show tables' }) },
  { of: 'POST /v1/rest/mgmt', status: 400, ...json({ csl: '.drop table X' }) },
  {
    ...{ of: LOGS, status: 200, address: LOGS_ADDRESS, body: JSON.stringify({ query }) },
    headers: { ...JSON_BODY, prefer: 'include-statistics=true' },
  },
  { of: LOGS, status: 400, address: LOGS_ADDRESS, ...json({ query: 'Nowhere' }) },
  ...[
    '/v1.0/security/runHuntingQuery',
    '/api/advancedhunting/run',
    '/api/advancedqueries/run',
  ].flatMap((address) => [
    { of: `POST ${address}`, status: 200, ...json({ Query: query }) },
    { of: `POST ${address}`, status: 400, ...json({ Query: 'Nowhere' }) },
  ]),
  { of: 'POST /v1/enroll', status: 200, ...json({ deviceId: 'b'.repeat(40) }) },
  { of: 'POST /v1/enroll', status: 400, ...json({ deviceId: 'b' }) },
  { of: 'GET /v1/tokens', status: 200 },
  { of: REVOKE, status: 404, address: `/v1/tokens/${'0'.repeat(16)}/revoke` },
  { of: REVOKE, status: 200, address: '/v1/tokens/DEVICE/revoke' },
];

describe('real answers', () => {
  test('samples are there for every operation', () => {
    // /readyz is asked below: it may be starting still.
    const sampled = new Set([...SAMPLES.map(({ of }) => of), 'GET /readyz']);
    expect([...sampled].sort()).toEqual(
      operations()
        .map(({ name }) => name)
        .sort(),
    );
  });

  test.each(SAMPLES)('$of answers $status as it is described', async (sample) => {
    const { of, status, body, headers } = sample;
    const { method, address, operation } = found(of);
    const kind = operation.security?.flatMap((each) => Object.keys(each) as TokenKind[])[0];
    const authorization = kind && { authorization: `Bearer ${tokens.get(kind)}` };
    const deviceToken = tokens.get('device')?.split('_')[2] ?? '';
    const answer = await fetch(
      collector.url + (sample.address ?? address).replace('DEVICE', deviceToken),
      { method, headers: { ...headers, ...authorization }, ...(body !== undefined && { body }) },
    );
    expect(answer.status).toBe(status);
    await expectDescribed(operation, answer);
  });

  test('/readyz answers as it is described', async () => {
    const answer = await fetch(`${collector.url}/readyz`);
    await expectDescribed(found('GET /readyz').operation, answer);
  });
});

test('an operation without a token is refused where it says that it needs one, and as it is described', async () => {
  let refused = 0;
  for (const { name, method, address, operation } of operations()) {
    const answer = await fetch(collector.url + address.replace(/\{\w+\}/g, '0'.repeat(16)), {
      method,
      ...(/^(?:POST|PUT)$/.test(method) && { body: '{}', headers: JSON_BODY }),
    });
    if (operation.security) {
      expect.soft([415, 401], name).toContain(answer.status);
      if (answer.status === 401) refused += 1;
      await expectDescribed(operation, answer);
    } else expect([200, 503], name).toContain(answer.status);
  }
  expect(refused).toBeGreaterThan(10);
});

function found(of: string) {
  const operation = operations().find(({ name }) => name === of);
  if (!operation) throw new Error(`the document has no ${of}`);
  return operation;
}

async function expectDescribed(operation: Operation, answer: Response): Promise<void> {
  const described = operation.responses[answer.status] ?? operation.responses.default;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = described?.content[type]?.schema;
  if (!schema) throw new Error(`${answer.status} ${type} is not described`);
  const text = await answer.text();
  const value: unknown = type === 'application/json' ? JSON.parse(text) : text;
  expect(Schema.Errors(schema, value), text.slice(0, 500)).toEqual([true, []]);
}
