import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FindingRule } from '../../../collector/findings/finding-rule.ts';
import { readFindings, readLookAlikes } from '../../../collector/findings/read-findings.ts';
import { findBuiltInRule } from '../../../collector/hunt/find-rule.ts';
import { planOfRule } from '../../../collector/hunt/rule-plan.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { temporaryFolder } from '../collector-process.ts';
import { flagged, TIGHTVNC } from '../hunt/hunt-data.ts';
import { record } from '../records.ts';

const { folder, remove } = temporaryFolder();
const ticks = (text: string) => parseDatetime(text) ?? 0n;
const at = (day: number) => `2026-06-${`${day}`.padStart(2, '0')}T00:00:00Z`;
const run = { now: ticks(at(30)), limits: DEFAULT_QUERY_LIMITS };
const all = { from: ticks(at(1)), to: ticks(at(30)), by: 'Timestamp' } as const;
let store: SqliteStore;
let rule: FindingRule;

async function send(receivedAt: bigint, rows: readonly FileCertificateRecord[]): Promise<void> {
  const id = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  await store.append({ id, receivedAt, table: 'AgentFileCertificateInfo', rows });
}

const file = (FileName: string, day: number, values: Partial<FileCertificateRecord> = {}) =>
  flagged({ FileName, Timestamp: at(day), ReportId: day, ...values });
const lookAlike = (FileName: string, grade: string, LookAlikeRule = TIGHTVNC) =>
  record({
    ...{ FolderPath: 'C:\\Users\\eve', FileName, Timestamp: at(5), DeviceName: 'pc' },
    ...{ SHA256: '9'.repeat(64), LookAlikes: [{ rule: LookAlikeRule, grade }] },
  });

beforeAll(async () => {
  store = await SqliteStore.open(folder, 'read-write');
  const { id, name, query } = findBuiltInRule(TIGHTVNC);
  rule = { id, name, tool: 'TightVNC', plan: await planOfRule(store, { id, name, query }) };
  const runs = (name: string, parentName: string | null) => ({
    RunningProcesses: [{ pid: 4, name, parentPid: 1, parentName, user: null, startTime: null }],
  });
  await send(ticks(at(8)), [
    file('twice.exe', 3, { DeviceName: 'old name', ...runs('twice.exe', 'services.exe') }),
    file('twice.exe', 7, { DeviceName: 'new name', ...runs('twice.exe', 'cmd.exe') }),
    file('twice.exe', 6, { DeviceName: 'old name' }),
    file('unsigned.exe', 4, { IsSigned: false }),
    lookAlike('claims.exe', 'version-info-only'),
    lookAlike('other-rule.exe', 'name-only', '00000000-0000-0000-0000-000000000000'),
    lookAlike('nonsense.exe', 'signature-trusted'),
  ]);
  await send(ticks(at(20)), [
    file('late.exe', 2),
    file('dual.exe', 4, { SignatureIndex: 0, SHA1: '4'.repeat(40) }),
    file('dual.exe', 4, {
      ...{ SignatureIndex: 1, SHA1: '4'.repeat(40), IsTrusted: false },
      SignatureStatus: 'NotTrusted',
    }),
  ]);
});

afterAll(async () => {
  await store.close();
  remove();
});

const names = async (range: Parameters<typeof readFindings>[2]) =>
  (await readFindings({ store, run }, rule, range)).map(({ path, grade }) => `${path} ${grade}`);

test('a file is found once, with its first and last time, its last name, and all its processes', async () => {
  const found = await readFindings({ store, run }, rule, all);
  expect(found.find(({ path }) => path.endsWith('twice.exe'))).toEqual({
    ...{ deviceId: 'a'.repeat(40), deviceName: 'new name', machineGroup: '' },
    ...{ rule: TIGHTVNC, ruleName: rule.name, tool: 'TightVNC' },
    ...{ path: 'C:\\TightVNC\\twice.exe', sha1: '1'.repeat(40), sha256: '' },
    ...{ grade: 'signature-trusted', signer: 'GlavSoft LLC.', signerHash: '' },
    ...{ firstSeen: ticks(at(3)), lastSeen: ticks(at(7)), lastReceived: ticks(at(8)) },
    processes: expect.arrayContaining([
      { name: 'twice.exe', parentName: 'services.exe' },
      { name: 'twice.exe', parentName: 'cmd.exe' },
    ]),
  });
});

test('look-alikes of the rule are found by what agents told, and by no grade that is none', async () => {
  expect(await names(all)).toEqual(
    [
      'C:\\TightVNC\\dual.exe signature-trusted',
      'C:\\TightVNC\\late.exe signature-trusted',
      'C:\\TightVNC\\twice.exe signature-trusted',
      'C:\\Users\\eve\\claims.exe version-info-only',
    ].toSorted((one, other) => (one < other ? -1 : 1)),
  );
});

test('by ReceivedTime a late import of old sightings is found', async () => {
  const range = { from: ticks(at(10)), to: ticks(at(30)), by: 'ReceivedTime' } as const;
  expect((await names(range)).toSorted()).toEqual([
    'C:\\TightVNC\\dual.exe signature-trusted',
    'C:\\TightVNC\\late.exe signature-trusted',
  ]);
});

describe('the collector grades by IsTrusted and SignatureStatus, not by what is sent:', () => {
  test.each([
    { trusted: true, status: 'Trusted', grade: 'signature-trusted' },
    { trusted: true, status: null, grade: 'signature-trusted' },
    { trusted: false, status: null, grade: 'signature-untrusted' },
    { trusted: null, status: null, grade: 'signature-unverified' },
    { trusted: null, status: 'NotJudged', grade: 'signature-unverified' },
    { trusted: false, status: 'NotTrusted', grade: 'signature-untrusted' },
    { trusted: true, status: 'HashMismatch', grade: 'signature-untrusted' },
    { trusted: false, status: 'Trusted', grade: 'signature-untrusted' },
    { trusted: null, status: 'Trusted', grade: 'signature-untrusted' },
    { trusted: true, status: 'Invented', grade: 'signature-unverified' },
  ])('$trusted and $status are $grade', async ({ trusted, status, grade }) => {
    const day = ticks(at(12));
    const DeviceId = createHash('sha1').update(`${trusted}${status}`).digest('hex');
    await send(day, [
      file('graded.exe', 12, { DeviceId, IsTrusted: trusted, SignatureStatus: status }),
    ]);
    const found = await readFindings({ store, run }, rule, { from: day, to: day, by: 'Timestamp' });
    expect(found.find(({ deviceId }) => deviceId === DeviceId)?.grade).toBe(grade);
  });
});

test('a record that names every rule counts as many findings against the limit, and its texts are read once', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `rule-${index}`);
  const rules = ids.map((id) => ({ ...rule, id }));
  const claims = ids.map((id) => ({ rule: id, grade: 'name-only' }));
  await send(
    ticks(at(25)),
    Array.from({ length: 500 }, (_, index) =>
      record({
        ...{ FolderPath: 'C:\\flood', FileName: `${index}.exe`, Timestamp: at(5), ReportId: index },
        LookAlikes: [...claims, { rule: ' '.repeat(30_000), grade: '' }],
      }),
    ),
  );
  const range = { from: ticks(at(25)), to: ticks(at(26)), by: 'ReceivedTime' } as const;
  const parse = vi.spyOn(JSON, 'parse');
  const found = await readLookAlikes({ store, run }, rules, range);
  const parsed = parse.mock.calls.length;
  parse.mockRestore();
  expect(found).toHaveLength(100_000);
  expect(parsed).toBeLessThan(1_000);
  const limits = { ...run.limits, rows: 50_000 };
  await expect(
    readLookAlikes({ store, run: { ...run, limits } }, rules, range),
  ).rejects.toMatchObject({ code: 'too-many-rows' });
});
