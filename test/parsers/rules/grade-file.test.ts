import { describe, expect, test } from 'vitest';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import { compileRule } from '../../../parsers/rules/compile-rule.ts';
import type { CompiledRule } from '../../../parsers/rules/compiled-rule.ts';
import { fileGrader } from '../../../parsers/rules/grade-file.ts';
import type { ToolFacts } from '../../../parsers/rules/tool-facts.ts';
import { flaggedRecord, sampleRecord } from '../../agent/report/sample-record.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
const NOW = 639_100_000_000_000_000n;

const tightVnc = builtInRules.filter(({ id }) => id === TIGHTVNC);
const version = {
  CompanyName: 'GlavSoft LLC.',
  ProductName: 'TightVNC',
  OriginalFileName: 'tvnserver.exe',
};
const signed = { Rules: [], MatchGrade: null, ...version };
const byMicrosoft = {
  Signer: 'Microsoft Windows Hardware Compatibility Publisher',
  IsRootSignerMicrosoft: true,
};

function grades(records: readonly FileCertificateRecord[], rules: readonly CompiledRule[]) {
  const graded = fileGrader(rules, NOW)(records);
  return graded.map(({ Rules, LookAlikes, MatchGrade }) => ({ Rules, LookAlikes, MatchGrade }));
}
const flagged = (MatchGrade: string) => ({ Rules: [TIGHTVNC], LookAlikes: [], MatchGrade });
const like = (grade: string) => ({
  Rules: [],
  LookAlikes: [{ rule: TIGHTVNC, grade }],
  MatchGrade: grade,
});
const nothing = { Rules: [], LookAlikes: [], MatchGrade: null };

describe('a file that', () => {
  test.each<[string, Partial<FileCertificateRecord>, object]>([
    ['the vendor signed is trusted', { Signer: 'GlavSoft LLC' }, flagged('signature-trusted')],
    [
      'the vendor signed is unverified where no roots judge',
      { Signer: 'GlavSoft LLC', SignatureStatus: 'NotJudged', IsTrusted: null },
      flagged('signature-unverified'),
    ],
    [
      'was tampered with claims the vendor without trust',
      { Signer: 'GlavSoft LLC', SignatureStatus: 'HashMismatch', IsTrusted: false },
      flagged('signature-untrusted'),
    ],
    [
      'somebody else signed is a look-alike, however well it is signed',
      { Signer: 'TECHSERIO Sp. z o.o.' },
      like('signer-mismatch'),
    ],
    [
      'is unsigned goes by its version information',
      { IsSigned: false, Signer: null, SignatureStatus: 'NotSigned', IsTrusted: false },
      like('version-info-only'),
    ],
    [
      'is malformed goes by its version information',
      { IsSigned: false, Signer: null, SignatureStatus: 'Malformed', IsTrusted: false },
      like('version-info-only'),
    ],
    [
      'is signed by nobody that can be named counts as unsigned',
      { Signer: null, SignatureStatus: 'BadSignature', IsTrusted: false },
      like('version-info-only'),
    ],
    [
      'claims the vendor in other case and with blanks',
      { Signer: 'Other', CompanyName: ' GLAVSOFT llc. ', ProductName: null },
      like('signer-mismatch'),
    ],
    [
      'names the product alone and no company',
      { Signer: 'Other', CompanyName: null, OriginalFileName: null },
      like('signer-mismatch'),
    ],
    [
      'names the product, another company and the original file',
      { Signer: 'Other', CompanyName: 'Other' },
      like('signer-mismatch'),
    ],
    [
      'names the product beside another company only shares a word',
      { Signer: 'Other', CompanyName: 'Other', OriginalFileName: 'x.exe' },
      like('name-only'),
    ],
    [
      'has an original file name alone has a name only',
      { Signer: 'Other', CompanyName: 'Other', ProductName: 'Other' },
      like('name-only'),
    ],
    [
      'has a file name alone, as an installer package or a script has, has a name only',
      {
        ...{ Signer: 'Other', CompanyName: null, ProductName: null, OriginalFileName: null },
        ...{ FileKind: 'msi', FileName: 'TVNSERVER.exe' },
      },
      like('name-only'),
    ],
    [
      'Microsoft signed, as it does with drivers of others, is not accused',
      byMicrosoft,
      like('name-only'),
    ],
    [
      'Microsoft signed and that shares a file name is nothing at all',
      { ...byMicrosoft, CompanyName: 'Microsoft Corporation', ProductName: 'Windows' },
      nothing,
    ],
    [
      'somebody signed who writes himself like Microsoft is accused: its root did not vouch',
      { Signer: 'Microsoft Windows', IsRootSignerMicrosoft: false },
      like('signer-mismatch'),
    ],
    [
      "somebody signed with a certificate rented below Microsoft's root is accused",
      { Signer: 'Other', IsRootSignerMicrosoft: true },
      like('signer-mismatch'),
    ],
    [
      'has nothing to do with the tool',
      { Signer: 'Other', CompanyName: 'Other', ProductName: null, OriginalFileName: 'a.exe' },
      nothing,
    ],
    [
      'has names of JavaScript objects',
      {
        CompanyName: '__proto__',
        ProductName: 'constructor',
        OriginalFileName: 'toString',
        Signer: 'hasOwnProperty',
      },
      nothing,
    ],
  ])('%s', (_name, change, expected) => {
    expect(grades([flaggedRecord({ ...signed, ...change })], tightVnc)).toEqual([expected]);
  });
});

describe('a file of several signatures', () => {
  const theirs = flaggedRecord({ ...signed, Signer: 'GlavSoft LLC' });
  const other = flaggedRecord({ ...signed, Signer: 'Other', SignatureIndex: 1 });

  test('is no look-alike for a rule that one of them matches', () => {
    const expected = [flagged('signature-trusted'), nothing];
    expect(grades([theirs, other], tightVnc)).toEqual(expected);
    expect(grades([other, theirs], tightVnc)).toEqual(expected.toReversed());
  });

  test('says on every record that it is a look-alike', () => {
    const expected = [like('signer-mismatch'), like('signer-mismatch')];
    expect(grades([other, other], tightVnc)).toEqual(expected);
  });
});

test('what a record had of rules before is replaced', () => {
  const stale = { Rules: ['old'], LookAlikes: [{ rule: 'old', grade: 'name-only' }] };
  expect(grades([sampleRecord({ ...stale, MatchGrade: 'name-only' })], tightVnc)).toEqual([
    nothing,
  ]);
});

describe('what is known of a tool', () => {
  const facts: ToolFacts = {
    ...{ tool: 'T', signers: ['Vendor Old Name'], thumbprints: ['c1'.repeat(20)] },
    ...{ companyNames: ['Vendor'], productNames: ['Tool'], originalFileNames: [], fileNames: [] },
    ...{ sharedSigner: false, dualUse: false, sources: [], falsePositives: '' },
  };
  const ruleOf = (change: Partial<ToolFacts>, id = 'r') => {
    const query =
      "DeviceFileCertificateInfo | where Signer has 'vendor' and IsTrusted == 1 and Signer !has 'old'";
    const none = {
      description: '',
      kind: 'hunting',
      dataTypes: [],
      tactics: [],
      techniques: [],
    } as const;
    return compileRule(kustoForTests(), {
      ...none,
      id,
      name: id,
      query,
      facts: { ...facts, ...change },
    });
  };
  const claims = { CompanyName: 'Vendor', ProductName: null, OriginalFileName: null };
  const gradeWith = (record: Partial<FileCertificateRecord>, change: Partial<ToolFacts> = {}) =>
    grades([flaggedRecord({ ...claims, ...record })], [ruleOf(change)])[0]?.MatchGrade;

  test.each<[string, Partial<FileCertificateRecord>, Partial<ToolFacts>, string | null]>([
    [
      'a signer of its own that the query leaves out explains the file',
      { Signer: 'VENDOR OLD NAME' },
      {},
      null,
    ],
    [
      'and so does a certificate of its own',
      { Signer: 'X', SignerHash: 'c1'.repeat(20) },
      {},
      null,
    ],
    [
      'but not where its signature is broken',
      { Signer: 'Vendor Old Name', SignatureStatus: 'HashMismatch', IsTrusted: false },
      {},
      'signer-mismatch',
    ],
    [
      'the company of many products accuses no other of them',
      { Signer: 'X' },
      { sharedSigner: true },
      null,
    ],
    [
      'but the product of it does',
      { Signer: 'X', ProductName: 'Tool' },
      { sharedSigner: true },
      'signer-mismatch',
    ],
  ])('%s', (_name, record, change, expected) => {
    expect(gradeWith(record, change)).toBe(expected);
  });

  test('the worst grade of several rules is the grade of the record', () => {
    const named = ruleOf({ companyNames: [], fileNames: ['a.exe'] }, 'named');
    const [graded] = grades([flaggedRecord({ ...claims, Signer: 'X' })], [named, ruleOf({})]);
    expect(graded).toEqual({
      Rules: [],
      LookAlikes: [
        { rule: 'named', grade: 'name-only' },
        { rule: 'r', grade: 'signer-mismatch' },
      ],
      MatchGrade: 'signer-mismatch',
    });
  });
});
