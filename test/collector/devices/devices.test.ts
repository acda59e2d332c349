import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVICE_STATES } from '../../../collector/devices/device-view.ts';
import { Doors } from '../../../collector/doors/doors.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from '../collector-process.ts';
import { record, sweep } from '../records.ts';

const { folder, remove } = temporaryFolder();
const data = path.join(folder, 'data');
const start = Math.floor(Date.now() / 1000) * 1000; // times are printed without a fraction then
const HOUR = 3_600_000;
const iso = (hoursAgo: number) =>
  new Date(start - hoursAgo * HOUR).toISOString().replace('.000Z', 'Z');
const id = (digit: string) => digit.repeat(40);
const USUAL = { RuleDigest: 'rules-2', RootDigest: 'roots', TrustSource: 'windows' };
const hostile = 'PC9\u001b[2J\n.example';

/** A complete sweep of one hour that ended and came so many hours ago. */
function swept(digit: string, name: string, hoursAgo: number, values: Partial<SweepRow> = {}) {
  return {
    hoursAgo,
    row: sweep({
      ...{ DeviceId: id(digit), DeviceName: name, ScanId: `${digit}-${hoursAgo}` },
      ...{ Timestamp: iso(hoursAgo), StartTime: iso(hoursAgo + 1), EndTime: iso(hoursAgo) },
      ...{ Complete: true, Flagged: 0, AgentVersion: '1.0.0', ...USUAL },
      ...values,
    }),
  };
}

const sweeps = [
  swept('a', 'well.example', 30),
  swept('a', 'well.example', 6, { Flagged: 2 }),
  swept('b', 'silent.example', 24 * 20),
  swept('c', 'partial.example', 6, { Complete: false, Skipped: { unreadable: 3, excluded: 1 } }),
  swept('d', 'stale.example', 24 * 20.5, { RuleDigest: 'rules-1' }),
  swept('d', 'stale.example', 5, { RuleDigest: 'rules-1' }),
  swept('e', 'image-1.example', 10),
  swept('e', 'image-2.example', 8),
  swept('e', 'image-1.example', 6),
  swept('f', hostile, 6),
  swept('f', hostile, 6.5),
  swept('0', 'ahead.example', 4, { RuleDigest: 'rules-3' }),
];

beforeAll(async () => {
  const store = await SqliteStore.open(data, 'read-write');
  const add = async (batch: { at: number; sentAt?: number } & Record<string, unknown>) => {
    const { at, sentAt, ...rest } = batch;
    const idOf = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
    await store.append({
      ...{ id: idOf, receivedAt: ticksFromUnixMs(at) },
      ...(sentAt !== undefined && { sentAt: ticksFromUnixMs(sentAt) }),
      ...rest,
    } as Parameters<typeof store.append>[0]);
  };
  for (const { hoursAgo, row } of sweeps) {
    const at = start - hoursAgo * HOUR;
    const skew = row.DeviceId === id('c') ? -2 * HOUR : 1_000;
    await add({ at, sentAt: at + skew, table: 'AgentSweepInfo', rows: [row] });
  }
  // A device without a sweep row, and a file that was flagged long ago.
  const files = [
    record({ DeviceId: id('1'), DeviceName: 'records.example', SHA1: '1', Timestamp: iso(4) }),
    record({
      ...{ DeviceId: id('a'), DeviceName: 'well.example', SHA1: '2', Timestamp: iso(4) },
      ...{ FolderPath: '/', FileName: 'x', Rules: ['r'] },
    }),
  ];
  await add({ at: start - 4 * HOUR, table: 'AgentFileCertificateInfo', rows: files });
  await store.close();
  const doors = new Doors(data, Date.now);
  for (const name of ['one', 'two']) {
    const key = doors.find(doors.add({ kind: 'key', usesLeft: 1, mayReplace: true }));
    if (!key) throw new Error('the key that was just made is not found');
    expect(doors.enrol(key, id('b'), name)).toMatchObject({ kind: 'enrolled' });
  }
  doors.close();
});

afterAll(remove);

type DeviceRow = Readonly<Record<string, unknown>>;
const devices = (...args: string[]) => runCollector('devices', '--data', data, ...args);

async function devicesById(...args: string[]): Promise<ReadonlyMap<string, DeviceRow>> {
  const ran = await devices('--format', 'json', ...args);
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  const rows: DeviceRow[] = JSON.parse(ran.stdout);
  return new Map(rows.map((row) => [String(row.DeviceId)[0] ?? '', row]));
}

const told: readonly { id: string; what: string; row: DeviceRow }[] = [
  {
    id: 'a',
    what: 'that it is well, its last sweep, its last contact and what was flagged',
    row: {
      ...{ DeviceName: 'well.example', States: [], Names: ['well.example'] },
      ...{ FirstContact: iso(30), LastContact: iso(4), Silent: false, ClockSkewMs: null },
      ...{ ScanId: 'a-6', StartTime: iso(7), EndTime: iso(6), ReceivedTime: iso(6) },
      ...{ Complete: true, Gaps: [], Flagged: 2, FlaggedEver: 1, AgentVersion: '1.0.0' },
      ...{ Stale: [], CloneEvidence: [], ...USUAL },
    },
  },
  {
    id: 'b',
    what: 'silence, the last sweep however old, and that several keys enrolled it',
    row: {
      ...{ States: ['cloned?', 'silent'], Silent: true, LastContact: iso(24 * 20) },
      ...{ ScanId: 'b-480', Complete: true },
      CloneEvidence: [expect.objectContaining({ code: 'several-keys', strength: 'weak' })],
    },
  },
  {
    id: 'c',
    what: 'what it could not see, and how far its clock is off',
    row: {
      ...{ States: ['incomplete', 'clock'], Complete: false, ClockSkewMs: -2 * HOUR },
      Gaps: ['4 paths left out: unreadable 3, excluded 1'],
    },
  },
  { id: 'd', what: 'rules that most have no more', row: { States: ['stale'], Stale: ['rules'] } },
  { id: '0', what: 'nothing of rules that are new', row: { States: [], Stale: [] } },
  {
    id: 'e',
    what: 'two machines that take turns',
    row: {
      ...{ States: ['cloned'], Names: ['image-1.example', 'image-2.example'] },
      CloneEvidence: [expect.objectContaining({ code: 'names-return', strength: 'strong' })],
    },
  },
  {
    id: 'f',
    what: 'sweeps that overlap, and its name as it was sent',
    row: {
      ...{ States: ['cloned?'], DeviceName: hostile },
      CloneEvidence: [expect.objectContaining({ code: 'overlapping-sweeps', strength: 'weak' })],
    },
  },
  {
    id: '1',
    what: 'that no sweep row vouches for its records',
    row: { States: ['unswept'], DeviceName: 'records.example', ScanId: null, Complete: null },
  },
];

describe('the command', () => {
  let byId: ReadonlyMap<string, DeviceRow>;
  beforeAll(async () => {
    byId = await devicesById();
  });

  test('lists every device that ever sent something, and no other', () => {
    expect([...byId.keys()].sort()).toEqual(['0', '1', 'a', 'b', 'c', 'd', 'e', 'f']);
  });

  test.each(told)('tells of $id $what', ({ id: device, row }) => {
    expect(byId.get(device)).toMatchObject(row);
  });

  test('calls a device silent after as long as is asked', async () => {
    expect((await devicesById('--silent-after', '21d')).get('b')).toMatchObject({ Silent: false });
    expect((await devicesById('--silent-after', '3h')).get('a')).toMatchObject({ Silent: true });
    const wrong = await devices('--silent-after', 'soon');
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain('--silent-after takes a time');
  });

  test('prints a table within 80 columns, the worst first, and says why', async () => {
    const { stdout } = await devices();
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toContain('8 devices: 2 well, 1 cloned, 2 cloned?, 1 silent, 1 unswept');
    const first = lines.findIndex((line) => line.startsWith('------'));
    expect(lines[first + 1]).toMatch(/^image-1\.example +6h +6h +1\.0\.0 +0 +cloned$/);
    expect(lines.some((line) => /^well\.example +4h +6h +1\.0\.0 +2 +ok$/.test(line))).toBe(true);
    expect(stdout).toContain('  incomplete: 4 paths left out: unreadable 3, excluded 1\n');
    expect(stdout).toContain('  silent: nothing has come from it for 2d\n');
    expect(stdout).not.toContain('\u001b');
  });

  test('prints csv with a line a device', async () => {
    const { stdout } = await devices('--format', 'csv', '--now', iso(0));
    expect(stdout).toMatch(/^DeviceId,DeviceName,States,/);
    expect(stdout).toContain(`\r\n${id('c')},partial.example,"[""incomplete"",""clock""]",`);
  });

  test('says what to do where nothing has come yet', async () => {
    const empty = path.join(folder, 'empty');
    await (await SqliteStore.open(empty, 'read-write')).close();
    const ran = await runCollector('devices', '--data', empty);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('No device has sent anything');
  });
});

test('docs/devices.md explains each state, in this order, and no other', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/devices.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, state]) => state);
  expect(explained).toEqual([...DEVICE_STATES]);
});

describe('GET /v1/devices', () => {
  let collector: CollectorProcess;
  let reader: string;
  beforeAll(async () => {
    reader = await newToken(data, '--reader', 'soc');
    collector = await CollectorProcess.start(data, ['--require-tokens']);
  });
  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
  });

  const get = async (query = '', token = reader) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${collector.url}/v1/devices${query}`, { headers });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };

  test('answers what the command prints, with counts', async () => {
    const { status, json } = await get();
    expect(status).toBe(200);
    expect(json).toMatchObject({ total: 8, next: null });
    expect(json.counts).toEqual({
      ...{ cloned: 1, 'cloned?': 2, silent: 1, unswept: 1, incomplete: 1, stale: 1, clock: 1 },
    });
    expect(json.devices).toEqual([...(await devicesById()).values()]);
    expect((await get('?silentDays=21')).json.counts).not.toHaveProperty('silent');
  });

  test('is read in pages, whose counts are of all devices', async () => {
    const pages: DeviceRow[] = [];
    for (let after = ''; ; ) {
      const { json } = await get(`?limit=3${after}`);
      expect(json).toMatchObject({ total: 8, counts: { cloned: 1 } });
      pages.push(...(json.devices as DeviceRow[]));
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    expect(pages).toEqual((await get()).json.devices);
  });

  test.each(['?limit=0', '?limit=x', '?silentDays=0', '?silentDays=99999', '?other=1'])(
    'refuses %s',
    async (query) => {
      expect((await get(query)).status).toBe(400);
    },
  );

  test('needs the token of a reader, and the audit log says who read', async () => {
    expect((await fetch(`${collector.url}/v1/devices`)).status).toBe(401);
    expect((await get('', await newToken(data, '--device-id', id('9')))).status).toBe(403);
    await get('?limit=2');
    const { stdout } = await runCollector('audit', '--data', data, '--format', 'json');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({
        ...{ event: 'read', tokenName: 'soc', what: 'read the state of 2 devices' },
      }),
    );
  });
});
