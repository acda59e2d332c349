import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScanRules } from '../../agent/scan-rules.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import { haveShared, sharedFolder } from '../corpus.ts';
import { parseLines, runAgent } from './run-agent.ts';
import { temporaryFolder, writeTree } from './temporary-folder.ts';

const images = path.join(import.meta.dirname, '../../fixtures/pe');
const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';
const OTHER_ID = '5882eb11-389c-4095-87f2-e1d3ecaa956c';
const TEST_SIGNER = "DeviceFileCertificateInfo | where Signer has 'Example Software GmbH'";
const rule = (id: string, query: string): string =>
  `id: ${id}\nname: Mine\ndescription: d\ntactics: Execution\nrelevantTechniques: T1219\nquery: ${query}\n`;

/** A folder of rule files by name. */
function rulesFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  writeTree(folder, files);
  return folder;
}

describe('scan --rules', () => {
  const scan = async (...args: string[]) => {
    const run = await runAgent(['scan', images, '--format', 'ndjson', ...args]);
    return { ...run, records: parseLines<FileCertificateRecord>(run.stdout) };
  };

  test('flags by the given rule and by the built-in ones', async () => {
    const folder = rulesFolder({ 'deep/mine.yml': rule(OTHER_ID, TEST_SIGNER) });
    const { status, records } = await scan('--rules', folder);
    const flaggedBy = (id: string) =>
      records.filter(({ Rules }) => Array.isArray(Rules) && Rules.includes(id));
    expect(flaggedBy(OTHER_ID).length).toBeGreaterThan(0);
    for (const { Signer } of flaggedBy(OTHER_ID)) expect(Signer).toMatch(/^Example Software GmbH/);
    expect(flaggedBy(TIGHTVNC).length).toBeGreaterThan(0);
    for (const { Signer } of flaggedBy(TIGHTVNC)) expect(Signer).toMatch(/^GlavSoft/);
    expect(status).toBe(1);
  });

  test('with the id of a built-in rule adds to what that one flags, and names it once', async () => {
    const file = path.join(rulesFolder({ 'a.yaml': rule(TIGHTVNC, TEST_SIGNER) }), 'a.yaml');
    const { records } = await scan('--rules', file);
    const signers = records.filter(({ Rules }) => Array.isArray(Rules) && Rules.length > 0);
    expect(new Set(signers.map(({ Signer }) => Signer?.split(' ')[0]))).toEqual(
      new Set(['Example', 'GlavSoft']),
    );
    for (const { Rules } of signers) expect(Rules).toEqual([TIGHTVNC]);
  });

  test('names a rule that cannot flag here, on standard error, and scans', async () => {
    const folder = rulesFolder({
      'join.yaml': rule(OTHER_ID, `${TEST_SIGNER} | join DeviceFileCertificateInfo on SHA1`),
    });
    const { stderr, records } = await scan('--rules', folder);
    expect(stderr).toContain(`${path.join(folder, 'join.yaml')} flags nothing here`);
    expect(records.length).toBeGreaterThan(0);
  });

  test('calls the rule by its name in the page', async () => {
    const folder = rulesFolder({ 'mine.yaml': rule(OTHER_ID, TEST_SIGNER) });
    const page = await runAgent(['scan', images, '--format', 'html', '--rules', folder]);
    expect(page.stdout).toContain('; Mine');
    expect(page.stdout).toContain(`T1219, ${OTHER_ID}`);
  });

  test.each([
    [
      'a query that does not compile',
      { 'a.yaml': rule(OTHER_ID, "T | where X has 'a'") },
      /a\.yaml:6:8: query: .*\(KS\d+\)/,
    ],
    [
      'a file that is no rule',
      { 'a.yaml': 'name: x\nid: y\n' },
      /a\.yaml:1:1: query: is missing or empty/,
    ],
    [
      'two rules with one id',
      {
        'a.yaml': rule(OTHER_ID, TEST_SIGNER),
        'b.yaml': rule(OTHER_ID, `${TEST_SIGNER} and IsTrusted`),
      },
      /b\.yaml and .*a\.yaml have the id 5882eb11/,
    ],
    ['a folder without rules', { 'a.txt': '' }, /has no file \*\.yaml or \*\.yml in it/],
  ])('refuses %s with status 2', async (_name, files, message) => {
    const { status, stdout, stderr } = await scan('--rules', rulesFolder(files));
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe.skipIf(!haveShared())('the community rules', () => {
  test('are taken beside the built-in ones; what is in both comes once', () => {
    const folder = path.join(sharedFolder, 'rules/community');
    const { rules, notes } = loadScanRules([folder, folder]);
    expect(notes).toEqual([]);
    expect(rules.slice(0, builtInRules.length)).toEqual(builtInRules);
    expect(rules.filter(({ id }) => id === TIGHTVNC)).toHaveLength(1);
    expect(new Set(rules.map(({ id }) => id)).size).toBeGreaterThanOrEqual(52);
    expect(rules.every(({ predicate }) => predicate !== undefined)).toBe(true);
  });
});
