import { describe, expect, test } from 'vitest';
import type { SignatureReport } from '../../../parsers/authenticode/signature-report.ts';
import { recordColumns } from '../../../parsers/record/columns.ts';
import { type FileFacts, toRecords } from '../../../parsers/record/to-record.ts';

const file: FileFacts = {
  folderPath: '/opt/TightVNC',
  fileName: 'tvnserver.exe',
  fileKind: 'pe',
  size: 1_800_000,
  sha1: 'a1'.repeat(20),
  sha256: 'b2'.repeat(32),
  createdMs: 0,
  modifiedMs: Date.UTC(2018, 6, 1),
  readMs: Date.UTC(2026, 10, 24, 3, 4, 5, 678),
};

const report: SignatureReport = {
  index: 0,
  status: 'NotTrusted',
  isTrusted: false,
  chain: [],
  isRootSignerMicrosoft: false,
  trustSource: 'test roots',
  revocationStatus: 'not-checked',
  findings: [{ code: 'PADDING', level: 'warning', detail: '8 bytes' }],
  signer: {
    name: 'GlavSoft LLC.',
    issuerName: 'Thawte Code Signing CA - G2',
    subject: 'CN=GlavSoft LLC.,O=GlavSoft LLC.',
    issuer: 'CN=Thawte Code Signing CA - G2',
    serial: '0b4a9ab6ddcdb7b2',
    sha1: '5c'.repeat(20),
    sha256: '5d'.repeat(32),
    notBefore: '2011-01-01T00:00:00Z',
    notAfter: '2012-12-31T23:59:59Z',
    crlUrls: ['http://cs-g2-crl.thawte.com/ThawteCSG2.crl'],
  },
  issuerSha1: '80'.repeat(20),
  digestAlgorithm: 'sha1',
  embeddedDigest: 'ee'.repeat(20),
  computedDigest: 'ff'.repeat(20),
  programName: 'TightVNC',
  moreInfo: null,
  counterSignatures: [
    { kind: 'pkcs9', time: '2012-02-03T04:05:06Z', signer: 'TSA 1', chain: [] },
    { kind: 'rfc3161', time: '2013-02-03T04:05:06Z', signer: 'TSA 2', chain: [] },
  ],
};

function records(reports: readonly SignatureReport[], change: Partial<FileFacts> = {}) {
  let reportId = 7;
  return toRecords(
    { ...file, ...change },
    { reports, malformed: [] },
    {
      deviceId: 'dd'.repeat(20),
      deviceIdSource: 'option',
      deviceName: 'host.example',
      machineGroup: null,
      scanId: 'scan-1',
      agentVersion: '1.2.3',
      nextReportId: () => reportId++,
    },
  );
}

describe('toRecords', () => {
  test('gives one record a signature, with its own ReportId and every column in order', () => {
    const [first, second] = records([report, { ...report, index: 1, signer: null }]);
    expect(Object.keys(first ?? {})).toEqual(Object.keys(recordColumns));
    expect(first).toMatchObject({
      Timestamp: '2026-11-24T03:04:05.678Z',
      ReadTime: '2026-11-24T03:04:05.678Z',
      ReceivedTime: null,
      DeviceId: 'dd'.repeat(20),
      IsSigned: true,
      SignatureType: 'Embedded',
      Signer: 'GlavSoft LLC.',
      SignerHash: '5c'.repeat(20),
      Issuer: 'Thawte Code Signing CA - G2',
      IssuerHash: '80'.repeat(20),
      CertificateSerialNumber: '0b4a9ab6ddcdb7b2',
      CrlDistributionPointUrls: '["http://cs-g2-crl.thawte.com/ThawteCSG2.crl"]',
      CertificateCountersignatureTime: '2012-02-03T04:05:06Z',
      TimestampSigner: 'TSA 1',
      ReportId: 7,
      FileCreatedTime: null,
      FileModifiedTime: '2018-07-01T00:00:00.000Z',
      AuthenticodeDigest: 'ff'.repeat(20),
      Findings: [{ code: 'PADDING', level: 'warning', detail: '8 bytes' }],
      RevocationStatus: 'not-checked',
      SignatureStatus: 'NotTrusted',
      IsTrusted: false,
      IsRootSignerMicrosoft: false,
      TrustSource: 'test roots',
    });
    expect(second).toMatchObject({
      ReportId: 8,
      SignatureIndex: 1,
      IsSigned: true,
      Signer: null,
      CrlDistributionPointUrls: null,
    });
  });

  test('gives one record for a file without signatures, and one that says why for a malformed file', () => {
    expect(records([])).toMatchObject([
      { IsSigned: false, SignatureStatus: 'CatalogNotSearched', IsTrusted: null, Findings: [] },
    ]);
    const malformed = [
      { code: 'TRUST_E_NOSIGNATURE', level: 'error', detail: 'truncated' },
    ] as const;
    const context = {
      deviceId: '',
      deviceIdSource: '',
      deviceName: '',
      machineGroup: null,
      scanId: '',
      agentVersion: '',
    };
    const signatures = { reports: [], malformed };
    expect(toRecords(file, signatures, { ...context, nextReportId: () => 1 })).toMatchObject([
      { IsSigned: false, SignatureStatus: 'Malformed', IsTrusted: false, Findings: malformed },
    ]);
  });

  test('leaves null what was not judged', () => {
    const unjudged = { status: 'NotJudged', isTrusted: null, isRootSignerMicrosoft: null } as const;
    expect(records([{ ...report, ...unjudged }])).toMatchObject([
      { SignatureStatus: 'NotJudged', IsTrusted: null, IsRootSignerMicrosoft: null },
    ]);
  });

  test.each([
    { name: 'before 1970', ms: -1, time: '1969-12-31T23:59:59.999Z' },
    {
      name: 'of the year 1',
      ms: Date.parse('0001-01-01T00:00:00Z'),
      time: '0001-01-01T00:00:00.000Z',
    },
    { name: 'after the year 9999', ms: Date.UTC(10_000, 0, 1), time: null },
    { name: 'that no Date can hold', ms: 1e20, time: null },
    { name: 'that is no number', ms: Number.NaN, time: null },
  ])('a modification time $name', ({ ms, time }) => {
    expect(records([], { modifiedMs: ms })[0]?.FileModifiedTime).toBe(time);
  });
});
