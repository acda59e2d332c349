import { describe, expect, test } from 'vitest';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import { RuleChecker } from '../../parsers/rules/lint/check-rules.ts';
import { kustoForTests } from '../kusto-sources.ts';
import { blocksOf, textOf } from './tried-blocks.ts';

const known = builtInRules.flatMap(({ facts }) => facts ?? []);

function check(file: string, text: string) {
  return new RuleChecker(kustoForTests(), known, 0n).check(file, new TextEncoder().encode(text));
}

describe('docs/rules.md', () => {
  test.each(blocksOf('rules.md', 'yaml'))('shows a rule that is in order', (rule) => {
    expect(check('example.yaml', rule)).toMatchObject({ status: 'ok', findings: [] });
  });

  test.each(blocksOf('rules.md', 'filter'))('shows the filter that it speaks of', (filter) => {
    const { findings, approval } = check('helpdesk.txt', filter);
    expect(findings[0]?.message).toMatch(/^excludes only when both hold: /);
    expect(approval).toContain('REPLACE');
  });

  const rows = [...textOf('rules.md').matchAll(/^\| `([a-zA-Z0-9-]+)`([^|]*) \| `(.+?)` \|/gm)].map(
    ([, code = '', rest = '', condition = '']) => ({ code, rest, condition }),
  );
  test('has a row with an example for each kind of finding in a query', () => {
    expect(rows.map(({ code }) => code)).toEqual([
      'KS142',
      'foreign-table',
      'always-true',
      'never-true',
      'never-matches',
      'accents-folded',
      'shared-signer',
      'not-at-agent',
    ]);
  });

  test.each(rows)('its example of $code is one', ({ code, rest, condition }) => {
    const { findings } = check('q.kql', `DeviceFileCertificateInfo | where ${condition}`);
    expect(findings).toHaveLength(1);
    const found = findings[0]?.code ?? '';
    expect(found === code || rest.includes(found.replace(/-[a-z]+$/, '-...'))).toBe(true);
    expect(findings[0]?.level).toBe(rest.includes('(warning)') ? 'warning' : 'error');
  });
});
