import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { parseRule } from '../../../parsers/rules/parse-rule.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const MINIMAL = 'id: a\nname: b\nquery: |\n  T\n  | take 1\n';

describe('parseRule', () => {
  test('a clean file needs no repair', () => {
    expect(parseRule(`${MINIMAL}tactics:\n  - Execution\n`, 'f.yaml')).toEqual({
      rule: {
        id: 'a',
        name: 'b',
        description: '',
        kind: 'hunting',
        dataTypes: [],
        tactics: ['Execution'],
        techniques: [],
        query: 'T\n| take 1\n',
      },
      repairs: [],
      idPlace: { line: 1, column: 1 },
      queryPlace: { line: 4, column: 3, indent: 2 },
    });
  });

  test.each([
    [
      'a byte order mark',
      `\uFEFF${MINIMAL}`,
      { query: 'T\n| take 1\n' },
      ['a byte order mark was dropped'],
    ],
    [
      'CRLF, which the query keeps',
      MINIMAL.replaceAll('\n', '\r\n'),
      { query: 'T\r\n| take 1\r\n' },
      ['lines end in CRLF, which the query keeps'],
    ],
    [
      'one tactic as a text',
      `${MINIMAL}tactics: Execution\n`,
      { tactics: ['Execution'] },
      ['line 6: tactics was one text and is now a list'],
    ],
    [
      'several techniques in one text',
      `${MINIMAL}relevantTechniques: T1219, T1059\n`,
      { techniques: ['T1219', 'T1059'] },
      ['line 6: relevantTechniques was one text and is now a list'],
    ],
    [
      'dataTypes in line with the dash',
      `${MINIMAL}requiredDataConnectors:\n  - connectorId: X\n  dataTypes:\n    - DeviceEvents\n`,
      { dataTypes: ['DeviceEvents'] },
      ['line 8: dataTypes was moved in, under its connectorId'],
    ],
    [
      'a code fence around the query',
      'id: a\nname: b\nquery: |\n  ```kusto\n  T\n  | take 1\n  ```\n',
      { query: 'T\n| take 1\n' },
      ['line 4: the code fence around the query was dropped'],
    ],
    ['unknown keys', `${MINIMAL}metadata:\n  any: [1, 2]\n`, { kind: 'hunting' }, []],
    ['an analytic rule', `${MINIMAL}severity: High\n`, { kind: 'analytic' }, []],
  ])('accepts %s', (_name, text, rule, repairs) => {
    const parsed = parseRule(text, 'f.yaml');
    expect(parsed.rule).toMatchObject(rule);
    expect(parsed.repairs).toEqual(repairs);
  });

  test.each([
    ['nothing', '', 1, undefined],
    ['a list', '- id: a', 1, undefined],
    ['no query', 'id: a\nname: b\n', 1, 'query'],
    ['an empty query', 'id: a\nname: b\nquery: ""\n', 3, 'query'],
    ['a number for an id', 'name: b\nid: 5\nquery: T\n', 2, 'id'],
    ['a mapping of tactics', `${MINIMAL}tactics:\n  a: b\n`, 6, 'tactics'],
    ['a key twice', 'id: a\nid: b\n', 2, undefined],
    ['two documents', `${MINIMAL}---\n${MINIMAL}`, 6, undefined],
    ['brackets that do not end', '['.repeat(100_000), 1, undefined],
    ['an alias for a query', 'id: a\nname: &n b\nquery: *n\n', 3, 'query'],
    ['a file of a megabyte', `${MINIMAL}#${'x'.repeat(1_000_000)}`, 1, undefined],
  ])('refuses %s', (_name, text, line, field) => {
    expect(() => parseRule(text, 'f.yaml')).toThrow(
      expect.objectContaining({ name: 'RuleError', file: 'f.yaml', line, field }),
    );
  });
});

describe.skipIf(!haveShared())('published rules', () => {
  const rulesFolder = path.join(sharedFolder, 'rules');
  const filesOf = (folder: string) =>
    readdirSync(path.join(rulesFolder, folder)).map((file) => path.join(rulesFolder, folder, file));

  test('all 52 of the RMM family parse, each with the same four repairs, and their queries compile', () => {
    const files = filesOf('community');
    expect(files).toHaveLength(52);
    for (const file of files) {
      const { rule, repairs } = parseRule(readFileSync(file, 'utf8'), path.basename(file));
      expect(rule.dataTypes).toEqual(['DeviceFileCertificateInfo']);
      expect(rule.techniques.length).toBeGreaterThan(0);
      expect(repairs, file).toEqual([
        'line 8: dataTypes was moved in, under its connectorId',
        'line 10: tactics was one text and is now a list',
        'line 11: relevantTechniques was one text and is now a list',
        'lines end in CRLF, which the query keeps',
      ]);
      expect(compileKql(kustoForTests(), rule.query).root.kind).toBe('summarize');
    }
  });

  test("the query of Azure-Sentinel's TightVNC rule is the text of its block, byte for byte", () => {
    const file = path.join(rulesFolder, 'azure-sentinel/rmm_TightVNC_filesig.yaml');
    const text = readFileSync(file, 'utf8');
    const marker = 'query: |\r\n';
    const block = text.slice(text.indexOf(marker) + marker.length).replaceAll(/^ {2}/gm, '');
    const { rule, repairs } = parseRule(text, path.basename(file));
    expect(rule.query).toBe(block);
    expect(rule.id).toBe('18f7c17b-65d4-4263-b9e2-587e84233989');
    expect(repairs).toEqual([
      'line 10: tactics was one text and is now a list',
      'line 11: relevantTechniques was one text and is now a list',
      'lines end in CRLF, which the query keeps',
    ]);
  });

  test.each(['azure-sentinel', 'format-samples'])('all of %s parse', (folder) => {
    for (const file of filesOf(folder)) {
      expect(parseRule(readFileSync(file, 'utf8'), file).rule.query).toContain('\n');
    }
  });
});
