import { expect, test } from 'vitest';
import { builtInRules } from '../../../../parsers/rules/built-in-rules.ts';
import { MAX_RULE_BYTES, RuleChecker } from '../../../../parsers/rules/lint/check-rules.ts';
import { kustoForTests } from '../../../kusto-sources.ts';

const known = builtInRules.flatMap(({ facts }) => facts ?? []);
const checker = () => new RuleChecker(kustoForTests(), known, 0n);
const RULE = new TextEncoder().encode(
  `\uFEFFid: 18f7c17b-65d4-4263-b9e2-587e84233989\r\nname: "n"\r\ntactics: a, b\r\nrequiredDataConnectors:\r\n  - connectorId: M\r\n  dataTypes:\r\n    - T\r\nquery: |\r\n  DeviceFileCertificateInfo\r\n  | where Signer has 'OÜ'\r\ncertsweep:\r\n  tool: t\r\n  signers: [a]\r\n`,
);
const FILTER = new TextEncoder().encode('process.name != "OÜ.exe" or (a.b == "c" and 1 == 1)');

test.each([
  ['a rule', 'r.yaml', RULE],
  ['a filter', 'f.txt', FILTER],
])(
  '%s that is cut off or damaged at any place gives findings, never an exception',
  (_name, file, bytes) => {
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      for (const damaged of [bytes.subarray(0, at), flipped]) {
        const { status, findings } = checker().check(file, damaged);
        expect(status === 'errors').toBe(findings.some(({ level }) => level === 'error'));
        for (const { place } of findings)
          expect(Math.min(place.line, place.column)).toBeGreaterThan(0);
      }
    }
  },
  120_000,
);

test.each(['r.yaml', 'f.txt'])('%s of more bytes than a rule may have is an error', (file) => {
  const { status, findings } = checker().check(file, new Uint8Array(MAX_RULE_BYTES + 1).fill(0x20));
  expect(status).toBe('errors');
  expect(findings).toEqual([
    {
      level: 'error',
      code: 'rule-file',
      place: { line: 1, column: 1 },
      message: `longer than ${MAX_RULE_BYTES} bytes`,
    },
  ]);
});

test('an id is a duplicate whatever its case, and in another check it is none', () => {
  const [one, other] = [checker(), checker()];
  const upper = new TextEncoder().encode(
    new TextDecoder().decode(RULE).replace('18f7c17b', '18F7C17B'),
  );
  const codes = (each: RuleChecker, bytes: Uint8Array) =>
    each.check('x.yaml', bytes).findings.map(({ code }) => code);
  expect(codes(one, RULE)).not.toContain('duplicate-id');
  expect(codes(one, upper)).toContain('duplicate-id');
  expect(codes(other, upper)).not.toContain('duplicate-id');
  const late = new TextEncoder().encode(
    `name: n\n${new TextDecoder().decode(RULE).replace('name: "n"\r\n', '')}`,
  );
  const found = one.check('y.yaml', late).findings.find(({ code }) => code === 'duplicate-id');
  expect(found?.place).toEqual({ line: 2, column: 1 });
});
