import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parseRule } from '../../../parsers/rules/parse-rule.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import type { CollectorProcess } from '../collector-process.ts';
import { ndjson, record, sweep } from '../records.ts';

const start = Math.floor(Date.now() / 1000) * 1000;

/** Some days before now() of every query, which is the clock's where a protocol cannot say another. */
export function daysAgo(days: number): Date {
  return new Date(start - days * 86_400_000);
}

function timestamp(days: number, fraction = ''): string {
  return daysAgo(days).toISOString().replace('.000Z', `${fraction}Z`);
}

export const NOW = timestamp(0);

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)] as [string, string];

const records = [
  record({
    DeviceId: A,
    DeviceName: 'server.example',
    Signer: 'GlavSoft LLC.',
    SHA1: '01',
    FileName: 'tvnserver.exe',
    FileSize: 1_234_567,
    ReportId: Number.MAX_SAFE_INTEGER,
    CertificateExpirationTime: '2027-01-02T03:04:05Z',
    Timestamp: timestamp(4, '.1234567'),
    IsTrusted: true,
    Rules: ['18f7c17b-65d4-4263-b9e2-587e84233989'],
    Findings: [{ code: 'CERT_E_EXPIRED', level: 'info', detail: 'a "quoted" \\ path' }],
  }),
  record({
    DeviceId: A,
    DeviceName: 'server.example',
    Signer: 'GLAVSOFT, OOO',
    SHA1: '02',
    FileName: 'tvnviewer.exe',
    ReportId: 2,
    Timestamp: timestamp(0),
    IsTrusted: null,
  }),
  record({
    DeviceId: B,
    DeviceName: 'gerät-2',
    Signer: 'Ünïcode Größe €',
    SHA1: '03',
    FileName: 'a\nb.exe',
    ReportId: 1,
    Timestamp: timestamp(29),
    IsTrusted: false,
  }),
  record({
    DeviceId: B,
    DeviceName: 'gerät-2',
    IsSigned: false,
    SHA1: '04',
    ReportId: 3,
    Timestamp: timestamp(1),
  }),
];

const sweeps = [
  sweep({
    DeviceId: A,
    DeviceName: 'server.example',
    Timestamp: timestamp(0.5),
    Complete: true,
    Files: 10,
    Skipped: { unreadable: 2 },
  }),
];

/** Puts two devices with signed, unsigned, null and non-ASCII values into a collector. */
export async function fillFleet(collector: CollectorProcess, deviceTokens: readonly string[] = []) {
  for (const [index, device] of [A, B].entries()) {
    const token = deviceTokens[index];
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const own = <Row extends { DeviceId: string | null }>(rows: readonly Row[]) =>
      rows.filter(({ DeviceId }) => DeviceId === device);
    for (const [table, rows] of [
      ['AgentFileCertificateInfo', own(records)],
      ['AgentSweepInfo', own(sweeps)],
    ] as const) {
      if (rows.length === 0) continue;
      const sent = await collector.postRows(table, ndjson(rows), headers);
      expect(sent).toMatchObject({ status: 200, json: { stored: rows.length } });
    }
  }
}

export const FLEET_DEVICES = [A, B] as const;

const ruleFile = path.join(sharedFolder, 'rules', 'azure-sentinel', 'rmm_TightVNC_filesig.yaml');

interface FleetQuery {
  readonly name: string;
  /** Of the answer. */
  readonly rows: number;
  readonly query: string;
}

/** The TightVNC query as it is published, where the shared inputs are at hand, and ten others. */
export const queries: readonly FleetQuery[] = [
  ...(haveShared()
    ? [
        {
          name: 'TightVNC',
          rows: 1,
          query: parseRule(readFileSync(ruleFile, 'utf8'), ruleFile).rule.query,
        },
      ]
    : []),
  {
    name: 'a whole table',
    rows: 3,
    query: 'DeviceFileCertificateInfo | sort by DeviceId asc, Timestamp asc',
  },
  {
    name: 'every column of ours',
    rows: 4,
    query: 'AgentFileCertificateInfo | sort by SHA1 asc',
  },
  {
    name: 'dynamic values',
    rows: 4,
    query: 'AgentFileCertificateInfo | project SHA1, Rules, Findings',
  },
  { name: 'an object', rows: 1, query: 'AgentSweepInfo | project DeviceName, Complete, Skipped' },
  { name: 'count', rows: 1, query: 'DeviceFileCertificateInfo | count' },
  { name: 'no rows', rows: 0, query: "DeviceFileCertificateInfo | where Signer == 'nobody'" },
  {
    name: 'timespans, negative ones too',
    rows: 3,
    query:
      'DeviceFileCertificateInfo | extend Age = CertificateExpirationTime - Timestamp, Back = Timestamp - CertificateExpirationTime | project SHA1, Age, Back',
  },
  {
    name: 'sets and distinct counts',
    rows: 2,
    query:
      'AgentFileCertificateInfo | summarize dcount(SHA1), make_set(FileName), max(Timestamp) by DeviceName',
  },
  {
    name: 'three-valued bools',
    rows: 4,
    query: 'AgentFileCertificateInfo | project SHA1, IsSigned, IsTrusted | sort by SHA1 asc',
  },
  {
    name: 'characters beyond ASCII',
    rows: 1,
    query:
      "AgentFileCertificateInfo | where Signer has 'größe' | project Signer, DeviceName, FileName",
  },
];

interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What our own address answers: what every protocol is compared with. */
export async function ownAnswer(
  collector: CollectorProcess,
  query: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { status, json } = await collector.query(query, NOW, headers);
  expect({ query, status }).toEqual({ query, status: 200 });
  return json as Answer;
}
