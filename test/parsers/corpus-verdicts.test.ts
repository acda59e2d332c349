import { describe, expect, test } from 'vitest';
import type { Finding, SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import { imageDigestsOf, type SignedFile } from '../../parsers/authenticode/signed-file.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { memorySource } from '../../parsers/bytes/file-source.ts';
import { readCatalog } from '../../parsers/catalog/read-catalog.ts';
import { readMsi } from '../../parsers/msi/read-msi.ts';
import { haveShared, type OracleRow, readOracle } from '../corpus.ts';
import { readCorpusBytes, readPeFacts, withoutRoots } from './read-corpus-file.ts';
import { readSharedAnchors } from './shared-anchors.ts';

/** How each kind for which the oracle has verdicts is verified. */
const verifiers: Readonly<Record<string, (bytes: Uint8Array, c: VerificationContext) => Reports>> =
  {
    pe32: (bytes, context) => readPeFacts(bytes, context).reports,
    'pe32+': (bytes, context) => readPeFacts(bytes, context).reports,
    'ole/msi': (bytes, context) => verifyAll(readMsi(memorySource(bytes)), context),
    cat: (bytes, context) => verifyAll(readCatalog(bytes), context),
  };

type Reports = readonly SignatureReport[];

/** Signatures in which we and the oracle differ, and the specification that says why we are right. */
const justified: Readonly<Record<string, string>> = {
  'osslsigncode/files/unsigned.cat 0':
    'a SignedData without any SignerInfo has no signature to judge (RFC 5652 §5.1: "zero or more SignerInfos"); the oracle lists one without a signer',
};

/** Verdicts the oracle can give, and what must be among our findings for each. Source: DESIGN, section 6. */
const agrees: Readonly<Record<string, (report: SignatureReport) => boolean>> = {
  OK: ({ isTrusted, status }) => isTrusted === true && status === 'Trusted',
  INVALID_DIGEST: (report) => report.isTrusted === false && has(report, /^TRUST_E_BAD_DIGEST$/),
  CERTIFICATE_ERROR: (report) =>
    report.isTrusted === false &&
    has(report, /^(CERT_E|TRUST_E)_/) &&
    !has(report, /^TRUST_E_(BAD_DIGEST|COUNTER_SIGNER)$/),
  COUNTERSIGNER_ERROR: (report) =>
    report.isTrusted === false && has(report, /^(TRUST_E_COUNTER_SIGNER|NTE_BAD_SIGNATURE)$/),
  VERIFY_ERROR: (report) => report.isTrusted === false && has(report, /^NTE_BAD_SIGNATURE$/),
};

describe.skipIf(!haveShared())('the verdict on every signature of the corpus', () => {
  test.each([
    { name: 'the roots alone', restricted: false },
    { name: 'the roots and the limits on each', restricted: true },
  ])('is the one of the oracle, with $name', ({ restricted }) => {
    const context = { ...withoutRoots, anchors: readSharedAnchors({ restricted }) };
    const rows = readOracle().filter(({ kind }) => kind in verifiers);
    const verdicts = rows.flatMap((row) => verdictsOf(row, context));
    const differing = verdicts.filter(({ isSame }) => !isSame).map(({ key }) => key);

    const counts: Record<string, number> = {};
    for (const { kind } of verdicts) counts[kind] = (counts[kind] ?? 0) + 1;
    const agreeing = verdicts.length - differing.length;
    console.log(
      `corpus verdicts: ${verdicts.length} compared, ${agreeing} agree ${JSON.stringify(counts)}`,
    );
    expect(differing).toEqual(Object.keys(justified));
    expect(counts).toEqual({ pe32: 42, 'pe32+': 41, 'ole/msi': 6, cat: 6 });
  });

  test('is never "not trusted" without roots where the oracle says OK', () => {
    const rows = readOracle().filter(({ kind }) => kind in verifiers);
    const statuses = rows.flatMap((row) =>
      reportsOf(row, withoutRoots)
        .filter((_, index) => row.signatures[index]?.verdict === 'OK')
        .map(({ status, isTrusted }) => `${status} ${isTrusted}`),
    );
    expect(statuses).toHaveLength(58);
    expect(new Set(statuses)).toEqual(new Set(['NotJudged null']));
  });
});

const trusted = { status: 'Trusted', warnings: [] };
const changed = {
  status: 'HashMismatch',
  warnings: ['TRUST_E_BAD_DIGEST', 'SIGNATURE_OF_ANOTHER_FILE'],
};

/** One real GlavSoft DLL, mutated. Those that have a signature left; corpus-mutants has the problems of the others. */
describe.skipIf(!haveShared())('a mutant of a GlavSoft file', () => {
  test.each([
    { name: 'glav-01-code-byte-flipped', expected: [changed] },
    { name: 'glav-02-checksum-field-changed', expected: [trusted] },
    { name: 'glav-03-appended-after-table', expected: [changed] },
    {
      name: 'glav-04-cve-2013-3900-dwLength-grown',
      expected: [{ status: 'Trusted', warnings: ['EnableCertPaddingCheck'] }],
    },
    {
      name: 'glav-05-cve-2013-3900-dirsize-only',
      expected: [{ status: 'Trusted', warnings: ['EnableCertPaddingCheck'] }],
    },
    {
      name: 'glav-06-zero-padding-grown',
      expected: [{ status: 'Trusted', warnings: ['EnableCertPaddingCheck'] }],
    },
    { name: 'glav-23-numberofrva-ffffffff', expected: [changed] },
    { name: 'glav-26-sizeofoptionalheader-0', expected: [changed] },
    { name: 'glav-31-two-identical-entries', expected: [trusted, trusted] },
    { name: 'glav-32-sigthief', expected: [changed] },
    {
      name: 'glav-33-unauthenticated-blob',
      expected: [{ status: 'Trusted', warnings: ['UNAUTHENTICATED_ATTRIBUTE'] }],
    },
  ])('$name is judged as its name says', ({ name, expected }) => {
    const context = { ...withoutRoots, anchors: readSharedAnchors({ restricted: true }) };
    const { reports } = readPeFacts(readCorpusBytes(`synthetic/${name}.bin`), context);
    expect(reports.map(({ status, findings }) => ({ status, warnings: loud(findings) }))).toEqual(
      expected,
    );
    expect(new Set(reports.map(({ signer }) => signer?.name))).toEqual(new Set(['GlavSoft LLC']));
  });

  test.each([
    'glav-04-cve-2013-3900-dwLength-grown',
    'glav-05-cve-2013-3900-dirsize-only',
    'glav-06-zero-padding-grown',
  ])('%s is not trusted where EnableCertPaddingCheck is asked for', (name) => {
    const context = {
      ...withoutRoots,
      anchors: readSharedAnchors({ restricted: true }),
      strict: true,
    };
    const [report] = readPeFacts(readCorpusBytes(`synthetic/${name}.bin`), context).reports;
    expect(report).toMatchObject({ status: 'NotTrusted', isTrusted: false });
  });
});

function verdictsOf(row: OracleRow, context: VerificationContext) {
  const reports = reportsOf(row, context);
  return row.signatures.flatMap(({ verdict }, index) => {
    if (verdict === null) return [];
    const report = reports[index];
    const isSame = report !== undefined && (agrees[verdict]?.(report) ?? false);
    return [{ key: `${row.file} ${index}`, kind: row.kind, isSame }];
  });
}

/** Files without a verdict are not read: many are no files of their kind at all. */
function reportsOf(row: OracleRow, context: VerificationContext): Reports {
  if (row.signatures.every(({ verdict }) => verdict === null)) return [];
  return verifiers[row.kind]?.(readCorpusBytes(row.file), context) ?? [];
}

function verifyAll(file: SignedFile, context: VerificationContext): Reports {
  const digests = imageDigestsOf(file);
  return file.signatures.map((signature, index) =>
    verifySignature(signature, index, digests, context),
  );
}

function has({ findings }: SignatureReport, code: RegExp): boolean {
  return findings.some((finding) => finding.level === 'error' && code.test(finding.code));
}

function loud(findings: readonly Finding[]): string[] {
  return findings.filter(({ level }) => level !== 'info').map(({ code }) => code);
}
