import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from '../collector-process.ts';
import { flagged } from '../hunt/hunt-data.ts';
import { ndjson, record } from '../records.ts';

const { folder: data, remove } = temporaryFolder();
const device = 'a'.repeat(40);
const SHA256 = '5'.repeat(64);
let collector: CollectorProcess;
let operator: string;
let reader: string;

const soon = new Date(Date.now() + 86_400_000).toISOString();
const approval = {
  ...{ tool: 'TightVNC', signers: ['GlavSoft LLC.'], sha256: [SHA256] },
  ...{ devices: { ids: [device] }, owner: 'me', reason: 'a test', ticket: 'T-1', expires: soon },
};

async function call(method: string, address: string, token?: string, body?: object) {
  const answer = await fetch(collector.url + address, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

beforeAll(async () => {
  collector = await CollectorProcess.start(data); // which requires no tokens to read and write
  operator = await newToken(data, '--operator', 'lead');
  reader = await newToken(data, '--reader', 'soc');
  const Timestamp = new Date(Date.now() - 3_600_000).toISOString();
  const rows = [
    flagged({ DeviceId: device, DeviceName: 'pc', SHA256, Timestamp, ReportId: 1 }),
    flagged({
      ...{ DeviceId: device, DeviceName: 'pc', FileName: 'copy.exe', Timestamp, ReportId: 2 },
      ...{ SHA1: '2'.repeat(40), SHA256: '6'.repeat(64) },
    }),
    record({
      ...{ DeviceId: 'b'.repeat(40), DeviceName: 'lone', FolderPath: 'C:\\', FileName: 'tvn.exe' },
      ...{ Timestamp, IsSigned: false },
      LookAlikes: [{ rule: '18f7c17b-65d4-4263-b9e2-587e84233989', grade: 'version-info-only' }],
    }),
  ];
  const sent = await collector.postRows('AgentFileCertificateInfo', ndjson(rows));
  expect(sent).toMatchObject({ status: 200 });
});

afterAll(async () => {
  expect(await collector.stop()).toBe(0);
  remove();
});

test('only an operator edits, also where no tokens are required, and what is refused is not there', async () => {
  const put = (token?: string) => call('PUT', '/v1/approvals/one', token, approval);
  expect((await put()).status).toBe(401);
  expect((await put(reader)).status).toBe(403);
  expect((await call('DELETE', '/v1/approvals/one')).status).toBe(401);
  expect((await call('DELETE', '/v1/approvals/one', reader)).status).toBe(403);
  expect((await call('GET', '/v1/approvals', reader)).json).toEqual({ approvals: [] });
});

test('a hunt shows an approval from its first second to its withdrawal', async () => {
  const approvalCells = async () => {
    const { status, json } = await call('POST', '/v1/hunt', reader, { rule: 'TightVNC' });
    expect(status).toBe(200);
    const { columns, rows } = json as { columns: { name: string }[]; rows: unknown[][] };
    expect(rows).toHaveLength(1);
    return Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]]).slice(-6));
  };
  const none = {
    ...{ WorstGrade: 'signature-trusted', Approval: 'unapproved', ApprovalId: '' },
    ...{ ApprovedCount: 0, UnapprovedCount: 2, LookAlikeCount: 0 },
  };
  expect(await approvalCells()).toEqual(none);
  const put = await call('PUT', '/v1/approvals/one', operator, approval);
  expect(put).toMatchObject({ status: 200, json: { result: 'new' } });
  expect(await approvalCells()).toEqual({
    ...none,
    ...{ Approval: 'partly', ApprovalId: 'one', ApprovedCount: 1, UnapprovedCount: 1 },
  });
  const both = { ...approval, sha256: [SHA256, '6'.repeat(64)] };
  const changed = await call('PUT', '/v1/approvals/one', operator, both);
  expect(changed).toMatchObject({ json: { result: 'changed', approval: { version: 2 } } });
  const same = await call('PUT', '/v1/approvals/one', operator, both);
  expect(same).toMatchObject({ json: { result: 'unchanged', approval: { version: 2 } } });
  expect(await approvalCells()).toEqual({
    ...none,
    ...{ Approval: 'approved', ApprovalId: 'one', ApprovedCount: 2, UnapprovedCount: 0 },
  });
  // The command line, beside the server.
  const ran = await runCollector('approvals', 'withdraw', 'one', '--data', data);
  expect(ran).toMatchObject({ status: 0 });
  expect(await approvalCells()).toEqual(none);
  const { json } = await call('GET', '/v1/approvals/one/history', reader);
  expect(json.versions).toMatchObject([
    { action: 'approved', by: expect.stringContaining('operator lead') },
    { action: 'approved' },
    { action: 'withdrawn', by: expect.stringContaining('user ') },
  ]);
});

test('a hunt lists files and look-alikes with the reason of each', async () => {
  const body = { rule: 'TightVNC', window: '2h', findings: true };
  const { json } = await call('POST', '/v1/hunt', reader, body);
  expect(json.findings).toMatchObject([
    { path: 'C:\\TightVNC\\copy.exe', approval: 'unapproved' },
    { path: 'C:\\TightVNC\\tvnserver.exe', refusals: ['withdrawn'] },
  ]);
  expect(json.lookAlikes).toMatchObject([
    {
      deviceName: 'lone',
      grade: 'version-info-only',
      refusals: expect.arrayContaining(['look-alike']),
    },
  ]);
});

describe('refused with 400:', () => {
  test.each([
    { name: 'every device', change: { devices: { names: ['*'] } }, says: 'is every device' },
    { name: 'a signer alone', change: { sha256: [] }, says: 'wherever its files are' },
    { name: 'an end that is over', change: { expires: '2020-01-01' }, says: 'is over already' },
    {
      name: 'an end too far away',
      change: { expires: '2099-01-01' },
      says: 'is more than 365 days away',
    },
    { name: 'an unknown member', change: { signer: 'x' }, says: 'additional properties' },
  ])('$name', async ({ change, says }) => {
    const answer = await call('PUT', '/v1/approvals/two', operator, { ...approval, ...change });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.json)).toContain(says);
  });

  test.each([
    { name: 'a rule file', body: { rule: '/etc/passwd.yaml' }, says: 'no built-in rule' },
    { name: 'an end alone', body: { rule: 'TightVNC', to: '2026-01-01' }, says: 'needs --from' },
  ])('a hunt with $name', async ({ body, says }) => {
    const answer = await call('POST', '/v1/hunt', reader, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.json)).toContain(says);
  });
});

test('each edit is in the audit log, with who did it', async () => {
  const { stdout } = await runCollector('audit', '--data', data, '--format', 'json');
  const events = (JSON.parse(stdout) as { event: string }[]).filter(({ event }) =>
    ['approved', 'withdrawn'].includes(event),
  );
  expect(events).toMatchObject([
    { event: 'approved', tokenName: 'lead', what: 'approved one, version 1' },
    { event: 'approved', tokenName: 'lead', what: 'approved one, version 2' },
    {
      event: 'withdrawn',
      address: expect.stringContaining('user '),
      what: 'withdrew approval one',
    },
  ]);
});
