import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { Certificate } from '../../../parsers/x509/certificate.ts';
import { encodeCrl } from '../../parsers/x509/crl-builder.ts';
import { type Issued, rsaSha256 } from '../../parsers/x509/test-authority.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const fixtures = path.join(import.meta.dirname, '../../../fixtures');
const root = path.join(fixtures, 'ca/root.pem');
const signed = path.join(fixtures, 'pe/glavsoft-sha256-rfc3161.exe');
const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

/** A certificate of the fixtures with the key that it issues with. */
function fixtureCertificate(name: string): Issued {
  const { raw } = new X509Certificate(readFileSync(path.join(fixtures, `ca/issued/${name}.pem`)));
  const key = createPrivateKey(
    readFileSync(path.join(fixtures, `ca/keys/${name}.key.pem`), 'utf8'),
  );
  return { certificate: new Certificate(raw), key, publicKey: createPublicKey(key) };
}

const signer = fixtureCertificate('glavsoft').certificate;
const authority = fixtureCertificate('code-signing-ca');
const listWith = (date: string) =>
  encodeCrl(authority, {
    algorithm: rsaSha256,
    revoked: [{ serial: signer.facts.serial, date }],
  });

writeTree(folder, {
  'before.crl': listWith('2018-01-01T00:00:00Z'),
  'after.crl': listWith('2018-12-01T00:00:00Z'),
  'distrust.txt': `# the signer\n${signer.facts.sha256}\n`,
});

async function judge(file: string, options: readonly string[]): Promise<FileCertificateRecord> {
  const args = ['scan', file, '--format', 'ndjson', '--roots', root, ...options];
  const [record] = parseLines<FileCertificateRecord>((await runAgent(args)).stdout);
  if (record === undefined) throw new Error(`no record of ${file}`);
  return record;
}

describe('scan finds a signature', () => {
  test.each([
    {
      name: 'trusted, its revocation unchecked, without further options',
      options: [],
      trusted: true,
      revocation: 'not-checked',
      findings: [],
    },
    {
      name: 'untrusted where its signer had been revoked',
      options: ['--crl', at('before.crl')],
      trusted: false,
      revocation: 'revoked',
      findings: ['CERT_E_REVOKED'],
    },
    {
      name: 'trusted where its signer was revoked later',
      options: ['--crl', at('after.crl')],
      trusted: true,
      revocation: 'revoked',
      findings: ['CERT_E_REVOKED'],
    },
    {
      name: 'untrusted where its signer is on the list of distrust',
      options: ['--distrust', at('distrust.txt')],
      trusted: false,
      revocation: 'not-checked',
      findings: ['TRUST_E_EXPLICIT_DISTRUST'],
    },
  ])('$name', async ({ options, trusted, revocation, findings }) => {
    const record = await judge(signed, options);
    expect(record).toMatchObject({ IsTrusted: trusted, RevocationStatus: revocation });
    expect((record.Findings as { code: string }[]).map(({ code }) => code)).toEqual(findings);
  });

  test.each([
    { options: [], trusted: true },
    { options: ['--strict'], trusted: false },
  ])('with text behind its PKCS#7 trusted: $trusted, given $options', async (row) => {
    const record = await judge(path.join(fixtures, 'pe/padded-signature.exe'), row.options);
    expect(record.IsTrusted).toBe(row.trusted);
  });
});

test('the table and the summary say what was checked of revocation', async () => {
  const unchecked = await runAgent(['scan', signed, '--roots', root]);
  expect(unchecked.stdout).toContain('FLAG  trusted        ?    GlavSoft LLC');
  expect(unchecked.stdout).toContain(`trust   roots:${root}, revocation not-checked`);
  expect(unchecked.stderr).toContain('; revocation not checked (--crl checks it)');

  const options = ['--crl', at('before.crl'), '--distrust', at('distrust.txt'), '--strict'];
  const checked = await runAgent(['scan', signed, '--roots', root, ...options]);
  expect(checked.stdout).toContain('FLAG  not trusted    BAD  GlavSoft LLC');
  expect(checked.stderr).toContain('; revocation by 1 lists, 1 distrusted thumbprints, strict');
});

test('imported roots judge the next scan', async () => {
  const store = ['--store', at('store')];
  const imported = await runAgent(['roots', 'import', root, ...store]);
  expect(imported).toMatchObject({ status: 0, stderr: '' });
  const { stdout } = await runAgent(['scan', signed, '--format', 'ndjson', ...store]);
  expect(parseLines(stdout)).toMatchObject([{ IsTrusted: true, TrustSource: 'imported' }]);
});

test.each([
  { name: '--crl', args: ['--crl', signed] },
  { name: '--distrust', args: ['--distrust', at('absent.txt')] },
  { name: '--store', args: ['--store', at('absent')] },
])('scan ends with 2 and one line for a bad $name', async ({ args }) => {
  const run = await runAgent(['scan', signed, ...args]);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatch(/^certsweep: .+\n$/);
});
