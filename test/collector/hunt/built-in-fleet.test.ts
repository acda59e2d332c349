import { createHash } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flagging } from '../../../agent/flagging.ts';
import { compiledPlans } from '../../../collector/hunt/compiled-plans.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import type { Plan } from '../../../parsers/kql/plan.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import type { LookAlike } from '../../../parsers/rules/match-grade.ts';
import type { ToolFacts } from '../../../parsers/rules/tool-facts.ts';
import { flaggedRecord } from '../../agent/report/sample-record.ts';
import { temporaryFolder } from '../collector-process.ts';

const NOW = Date.UTC(2026, 5, 30, 12);
const SEEN = new Date(NOW - 86_400_000).toISOString();

const variants = ['signed', 're-signed', 'unsigned', 'renamed', 'malformed', 'absent'] as const;
type Variant = (typeof variants)[number];

/** One device of the fleet: it has one tool in one way, and beside it a file of Windows. */
interface Device {
  readonly id: string;
  readonly rule: string;
  readonly facts: ToolFacts;
  readonly variant: Variant;
  readonly files: readonly FileCertificateRecord[];
}

const unsigned = {
  ...{ IsSigned: false, SignatureType: null, Signer: null, SignerHash: null, IsTrusted: false },
  ...{ SignatureIndex: null, CertificateCountersignatureTime: null, RevocationStatus: null },
};
const changes: Readonly<Record<Exclude<Variant, 'absent'>, Partial<FileCertificateRecord>>> = {
  signed: {},
  're-signed': { Signer: 'Harmless Software Ltd', SignerHash: '9'.repeat(40) },
  unsigned: { ...unsigned, SignatureStatus: 'NotSigned' },
  renamed: { FileName: 'update.exe' },
  malformed: { ...unsigned, SignatureStatus: 'Malformed' },
};

const grader = flagging(builtInRules, NOW);
const fleet = builtInRules.flatMap(({ id, facts }) =>
  facts === undefined ? [] : devicesOf(id, facts),
);

function devicesOf(rule: string, facts: ToolFacts): Device[] {
  return variants.flatMap((variant) =>
    facts.signers.map((signer) => {
      const id = createHash('sha1').update(`${rule} ${variant} ${signer}`).digest('hex');
      const common = { DeviceId: id, DeviceName: `${variant}.example`, Timestamp: SEEN };
      const none = { Rules: [], MatchGrade: null };
      const windows = flaggedRecord({
        ...{ ...common, ...none, Signer: 'Microsoft Windows', IsRootSignerMicrosoft: true },
        ...{ CompanyName: 'Microsoft Corporation', FileName: 'ntdll.dll', SHA1: '0'.repeat(40) },
      });
      const files = [windows];
      if (variant !== 'absent')
        files.push(
          flaggedRecord({
            ...{ ...common, ...none, Signer: signer, SHA1: id },
            CompanyName: facts.companyNames[0] ?? signer,
            ProductName: facts.productNames[0] ?? null,
            OriginalFileName: facts.originalFileNames[0] ?? null,
            FileName: facts.fileNames[0] ?? 'setup.exe',
            ...changes[variant],
          }),
        );
      return { id, rule, facts, variant, files: files.flatMap((file) => grader.grade([file])) };
    }),
  );
}

/** What the rule's own tool must be graded as. A company of many products says nothing without a name of this one. */
function expectedGrade({ facts, variant }: Device): string | null {
  if (variant === 'absent') return null;
  if (variant === 'signed' || variant === 'renamed') return 'signature-trusted';
  const isNamed = facts.productNames.length + facts.originalFileNames.length > 0;
  if (isNamed || !facts.sharedSigner)
    return variant === 're-signed' ? 'signer-mismatch' : 'version-info-only';
  return facts.fileNames.length > 0 ? 'name-only' : null;
}

function gradeFor(rule: string, files: readonly FileCertificateRecord[]): string | null {
  for (const { Rules, LookAlikes, MatchGrade } of files) {
    if ((Rules as readonly string[]).includes(rule)) return MatchGrade;
    const own = (LookAlikes as unknown as readonly LookAlike[]).find((each) => each.rule === rule);
    if (own !== undefined) return own.grade;
  }
  return null;
}

describe('a fleet in which each tool of the pack appears in every way', () => {
  const { folder, remove } = temporaryFolder();
  let store: SqliteStore;

  beforeAll(async () => {
    store = await SqliteStore.open(path.join(folder, 'fleet'), 'read-write');
    const rows = fleet.flatMap(({ files }) => files).map((row, ReportId) => ({ ...row, ReportId }));
    const receivedAt = ticksFromUnixMs(NOW);
    const table = 'AgentFileCertificateInfo';
    const { stored } = await store.append({ id: 'f'.repeat(64), table, rows, receivedAt });
    expect(stored).toBe(rows.length);
  });
  afterAll(async () => {
    await store.close();
    remove();
  });

  test('has every rule of the pack', () => {
    expect(new Set(fleet.map(({ rule }) => rule)).size).toBe(builtInRules.length);
    expect(fleet.length).toBeGreaterThanOrEqual(builtInRules.length * variants.length);
  });

  test.each(variants)('gets its grades at the agent: %s', (variant) => {
    for (const device of fleet) {
      if (device.variant !== variant) continue;
      const grade = gradeFor(device.rule, device.files);
      expect([device.facts.tool, grade]).toEqual([device.facts.tool, expectedGrade(device)]);
    }
  });

  test.each(builtInRules.map(({ id, name }) => [name, id]))(
    'is the same to the collector and to the agent: %s',
    async (_name, id) => {
      const plan = JSON.parse(compiledPlans.find((each) => each.id === id)?.plan ?? '') as Plan;
      const options = { now: ticksFromUnixMs(NOW), limits: DEFAULT_QUERY_LIMITS };
      const { columns, rows } = await store.run(plan, options);
      const place = columns.findIndex(({ name }) => name === 'DeviceId');
      const found = rows.map((row) => row[place]).sort();
      const flagged = fleet.filter(({ files }) =>
        files.some(({ Rules }) => (Rules as readonly string[]).includes(id)),
      );
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(flagged.map((device) => device.id).sort());
    },
  );
});
