import { describe, expect, test } from 'vitest';
import { lintRule } from '../../../../parsers/rules/lint/lint-rule.ts';
import { parseRule } from '../../../../parsers/rules/parse-rule.ts';
import type { ToolFacts } from '../../../../parsers/rules/tool-facts.ts';
import { kustoForTests } from '../../../kusto-sources.ts';

const facts = (tool: string, signers: readonly string[], sharedSigner = false): ToolFacts => ({
  tool,
  signers,
  thumbprints: [],
  companyNames: [],
  productNames: [],
  originalFileNames: [],
  fileNames: [],
  sharedSigner,
  dualUse: false,
  sources: [],
  falsePositives: '',
});
const known = [
  facts('TightVNC', ['GlavSoft LLC.', 'GLAVSOFT, OOO']),
  facts('DWService', ['DWSNET OÜ']),
  facts('Zoho Assist', ['ZOHO Corporation Private Limited'], true),
];
const ID = '18f7c17b-65d4-4263-b9e2-587e84233989';
const HEAD = `id: ${ID}\nname: b\ndescription: c\ntactics: [CommandAndControl]\nrelevantTechniques: [T1219]\n`;

/** `line:column level code message` of each finding. */
function lint(yaml: string): string[] {
  const findings = lintRule(kustoForTests(), parseRule(yaml, 'f.yaml'), known);
  return findings.map(
    ({ place, level, code, message }) =>
      `${place.line}:${place.column} ${level} ${code} ${message}`,
  );
}

/** The same of a rule whose query is `DeviceFileCertificateInfo` and one condition, which begins at 8:11. */
const lintWhere = (condition: string) =>
  lint(`${HEAD}query: |\n  DeviceFileCertificateInfo\n  | where ${condition}\n`);

test('a rule in order has no findings', () => {
  expect(lintWhere("Signer has 'glavsoft'")).toEqual([]);
});

describe('a query that does not compile gives the place in the file', () => {
  test.each([
    ['an unknown column', "Signr has 'a'", /^8:11 error KS142 The name 'Signr'/],
    ['an operator on the wrong type', 'Signer has 5', /^8:11 error KS106|^8:18 error KS106/],
    ['text that is no KQL', 'Signer has (', /^8:\d+ error KS\d+ /],
    ['a function that we do not have', "FileProfile(SHA1) == ''", /^8:11 error /],
  ])('%s', (_name, condition, finding) => {
    const found = lintWhere(condition);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(finding);
  });

  test('a table of Defender that is not here', () => {
    const [found] = lint(`${HEAD}query: |\n  DeviceEvents\n  | take 1\n`);
    expect(found).toMatch(/^7:3 error foreign-table DeviceEvents is a table of Microsoft Defender/);
  });
});

describe('a text that can match nothing', () => {
  test.each([
    [
      "Signer has 'DWSNET OU'",
      '8:22 error accents-folded has "DWSNET OU" misses "DWSNET OÜ": KQL compares letters with their accents, in composed form',
    ],
    [
      "Signer has 'DWSNET OU\u0308'",
      '8:22 error accents-folded has "DWSNET OU\u0308" misses "DWSNET OÜ": KQL compares letters with their accents, in composed form',
    ],
    [
      "Signer has 'glavsof'",
      '8:22 error never-matches has "glavsof" misses "GlavSoft LLC.": it finds whole terms only; use contains, or the whole word',
    ],
    [
      "Signer has 'GlavSoft*'",
      '8:22 error never-matches has "GlavSoft*" looks for the character * itself: KQL has no such wildcard',
    ],
    [
      "Signer has 'GlavSoft  LLC'",
      '8:22 error never-matches has "GlavSoft  LLC" misses "GlavSoft LLC.": spaces or invisible characters differ',
    ],
    [
      "Signer has_cs 'glavsoft'",
      '8:25 error never-matches has_cs "glavsoft" compares case and misses "GlavSoft LLC.": use has',
    ],
    [
      "Signer == 'glavsoft llc.'",
      '8:21 error never-matches == "glavsoft llc." compares case and misses "GlavSoft LLC.": use =~',
    ],
    [
      "Signer =~ 'glavsoft'",
      '8:21 error never-matches =~ "glavsoft" misses "GlavSoft LLC.": it compares whole names; use has, or the whole word',
    ],
    [
      "SHA1 has 'da39a3ee'",
      '8:20 error never-matches has never finds "da39a3ee": SHA1 is 40 hex digits, one term, and has finds whole terms: use startswith',
    ],
    [
      "SHA1 == 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709'",
      '8:19 error never-matches == never finds "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709": SHA1 is in lower case, and this operator compares case',
    ],
    [
      "SignerHash contains 'glavsoft'",
      '8:31 error never-matches contains never finds "glavsoft": SignerHash is 40 hex digits',
    ],
    [
      "SignatureType == 'embedded'",
      '8:28 error never-matches == never finds "embedded": SignatureType is one of Embedded, Catalog',
    ],
  ])('%s', (condition, finding) => {
    expect(lintWhere(condition)).toEqual([finding]);
  });

  test.each([
    ["Signer has 'DWSNET OÜ'"],
    ["Signer has 'dwsnet oü'"],
    ["Signer has 'GlavSoft LLC.'"],
    ["Signer contains 'lavsof'"],
    ["Signer has 'Nobody Knows GmbH'"],
    ["Signer has_any ('GlavSoft', 'unheard of')"],
    ["Signer has 'OOO'"],
    ["Signer == 'GlavSoft LLC.'"],
    ["SHA1 startswith 'da39a3ee'"],
    ["SHA1 has 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709'"],
    ["SignatureType has 'embedded'"],
  ])('but %s can', (condition) => {
    expect(lintWhere(condition)).toEqual([]);
  });
});

test('a condition that is always true is named at its place', () => {
  expect(lintWhere("Signer has 'glavsoft' and (Issuer != 'a' or Issuer != 'b')")).toEqual([
    '8:38 error always-true this condition is always true: no Issuer equals both "a" and "b": "and", or !in, was meant',
  ]);
});

test.each([
  ["Issuer == 'a'\n  | where Signer has 'x'\n  | where Issuer == 'b'", 10],
  ["Issuer == 'a'\n  | where Issuer != 'a'\n  | where Signer has 'x'", 10],
])('steps that contradict each other are named at the last one: %s', (condition, line) => {
  expect(lintWhere(condition)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^${line}:11 error never-true no row can meet this condition and those before it: `,
      ),
    ),
  ]);
});

test('steps that agree are in order', () => {
  expect(lintWhere("Issuer == 'a'\n  | where Signer has 'x'\n  | where Issuer != 'b'")).toEqual([]);
});

test('a shared signer is a warning', () => {
  expect(lintWhere("Signer has 'zoho'")).toEqual([
    '8:22 warning shared-signer has "zoho" also finds other products: the signer of Zoho Assist signs more than that',
  ]);
});

describe('agents cannot flag', () => {
  const T = 'DeviceFileCertificateInfo';
  test.each([
    [
      'by a join',
      `${T} | where Signer has 'x' | join (${T}) on SHA1`,
      'it needs more than one record (join)',
    ],
    [
      'by another table',
      "AgentFileCertificateInfo | where Signer has 'x'",
      'it reads AgentFileCertificateInfo, and agents judge DeviceFileCertificateInfo',
    ],
    [
      'by time alone',
      `${T} | where Timestamp > ago(1d)`,
      'no condition but time stands directly after DeviceFileCertificateInfo',
    ],
  ])('%s', (_name, query, reason) => {
    expect(lint(`${HEAD}query: |\n  ${query}\n`)).toEqual([
      `7:3 warning not-at-agent agents cannot flag by this rule: ${reason}`,
    ]);
  });
});

test.each([
  [
    'no tactics',
    HEAD.replace(/tactics.*\n/, ''),
    '1:1 error missing-metadata tactics is missing or empty',
  ],
  [
    'no techniques',
    HEAD.replace(/relevant.*\n/, ''),
    '1:1 error missing-metadata relevantTechniques is missing or empty',
  ],
  [
    'no description',
    HEAD.replace(/desc.*\n/, ''),
    '1:1 error missing-metadata description is missing or empty',
  ],
  [
    'an id that is no UUID',
    HEAD.replace(ID, 'mine'),
    '1:1 warning odd-metadata id mine is no UUID',
  ],
  [
    'a technique of no such form',
    HEAD.replace('T1219', 'T12'),
    '1:1 warning odd-metadata T12 is no technique of ATT&CK, as T1219 is',
  ],
])('metadata: %s', (_name, head, finding) => {
  expect(lint(`${head}query: DeviceFileCertificateInfo | where Signer has 'glavsoft'\n`)).toEqual([
    finding,
  ]);
});

test('more than fifty findings are cut off, and that is said', () => {
  const texts = Array.from({ length: 60 }, (_, index) => `'glavso${'x'.repeat(index)}*'`).join(
    ', ',
  );
  const found = lintWhere(`Signer has_any (${texts})`);
  expect(found).toHaveLength(51);
  expect(found.at(-1)).toBe('7:3 error more-findings and 10 more findings, which are not listed');
});
