import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findingWords } from '../../../parsers/authenticode/finding-words.ts';

/** How the sources spell a code: Windows' own by their prefix, ours where a Finding is made. */
const WINDOWS_CODE = /'((?:TRUST_E|CERT_E|CRYPT_E|NTE)_[A-Z_]+)'/g;
const OWN_CODE = /\bcode(?: =|:) '([A-Z][A-Za-z_]+)'/g;
/** Codes of the system, of `--errors` and of the command line: upper case, but no findings. */
const NOT_FINDINGS = /^E[A-Z]{3,}$/;

test('every code that a finding can have is explained, and nothing else is', () => {
  const codes = new Set<string>();
  for (const folder of ['parsers', 'agent'])
    for (const text of sourcesBelow(path.join(import.meta.dirname, '../../..', folder)))
      for (const pattern of [WINDOWS_CODE, OWN_CODE])
        for (const [, code = ''] of text.matchAll(pattern))
          if (!NOT_FINDINGS.test(code)) codes.add(code);
  expect([...codes].sort()).toEqual(Object.keys(findingWords).sort());
});

test('every explanation is a sentence', () => {
  for (const words of Object.values(findingWords)) expect(words).toMatch(/^[A-Z].*\.$/);
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('finding-words.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
}
