import { describe, expect, test } from 'vitest';
import { RuleError } from '../../../parsers/rules/hunting-rule.ts';
import { parseRule } from '../../../parsers/rules/parse-rule.ts';

const RULE = `id: r
name: A rule
query: DeviceFileCertificateInfo
`;

const parse = (facts: string) => parseRule(RULE + facts, 'r.yaml').rule;

describe('the key certsweep: of a rule file', () => {
  test('may be absent', () => {
    expect(parse('')).not.toHaveProperty('facts');
  });

  test('gives every fact, and empty ones for what it does not name', () => {
    const { facts } = parse(`certsweep:
  tool: TightVNC
  signers: [ GlavSoft LLC., "GLAVSOFT, OOO" ]
  thumbprints:
    - 5c4a473c04fb874e2fbbe34416b671527f4edf57
  fileNames: [ ' tvnserver.exe ' ]
  sharedSigner: true
`);
    expect(facts).toEqual({
      tool: 'TightVNC',
      signers: ['GlavSoft LLC.', 'GLAVSOFT, OOO'],
      thumbprints: ['5c4a473c04fb874e2fbbe34416b671527f4edf57'],
      companyNames: [],
      productNames: [],
      originalFileNames: [],
      fileNames: ['tvnserver.exe'],
      sharedSigner: true,
      dualUse: false,
      sources: [],
      falsePositives: '',
    });
  });

  const many = Array.from({ length: 201 }, (_, index) => `n${index}`).join(', ');
  test.each([
    ['no mapping', 'certsweep: TightVNC', '4:12', 'certsweep: a mapping of keys'],
    ['no tool', 'certsweep:\n  signers: [ x ]', '5:3', 'certsweep.tool: is missing'],
    ['an unknown key', 'certsweep:\n  tool: x\n  signer: [ y ]', '6:3', 'signer: is not known'],
    [
      'a text for a list',
      'certsweep:\n  tool: x\n  signers: y',
      '6:12',
      'signers: a list of texts',
    ],
    ['a number in a list', 'certsweep:\n  tool: x\n  signers: [ 7 ]', '6:14', 'a text is expected'],
    ['nothing in a list', 'certsweep:\n  tool: x\n  signers: [ "" ]', '6:14', 'an entry is empty'],
    ['an entry twice', 'certsweep:\n  tool: x\n  signers: [ a, a ]', '6:17', 'a stands here twice'],
    ['a text for a flag', 'certsweep:\n  tool: x\n  dualUse: "no"', '6:12', 'true or false is'],
    ['a list too long', `certsweep:\n  tool: x\n  signers: [${many}]`, '6:12', 'more than 200'],
    ['a text too long', `certsweep:\n  tool: ${'x'.repeat(1_001)}`, '5:9', 'longer than 1000'],
    [
      'a thumbprint in capitals',
      `certsweep:\n  tool: x\n  thumbprints: [ ${'AB'.repeat(20)} ]`,
      '6:16',
      'is no SHA-1 in 40 lower-case hex digits',
    ],
    [
      'an alias, which could multiply',
      'certsweep:\n  tool: &a x\n  signers: [ *a ]',
      '6:14',
      'a text is expected here',
    ],
  ])('is refused with its place for %s', (_name, facts, place, message) => {
    const read = () => parse(facts);
    expect(read).toThrow(RuleError);
    expect(read).toThrow(message);
    expect(read).toThrow(new RegExp(`^r\\.yaml:${place}: certsweep`));
  });
});
