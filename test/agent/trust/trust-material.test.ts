import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCrlFiles } from '../../../agent/trust/crl-files.ts';
import { readDistrustFile } from '../../../agent/trust/distrust-file.ts';
import { loadTrust, verificationContext } from '../../../agent/trust/trust-material.ts';
import { encodeCrl } from '../../parsers/x509/crl-builder.ts';
import { issue, issueAuthorities } from '../../parsers/x509/test-authority.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { pemBlock, toPem } from './to-pem.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const { root, authority } = issueAuthorities();
const revoked = issue('Revoked', authority, { serial: '0b4a' }).certificate;
const list = encodeCrl(authority, { revoked: [{ serial: '0b4a' }] });
const SHA1 = 'ab'.repeat(20);
const SHA256 = 'cd'.repeat(32);

describe('readDistrustFile', () => {
  test.each([
    { name: 'both digests, each once', text: `${SHA1}\n${SHA256}\n${SHA1}`, found: [SHA1, SHA256] },
    { name: 'capitals', text: SHA1.toUpperCase(), found: [SHA1] },
    { name: 'colons', text: Array(20).fill('AB').join(':'), found: [SHA1] },
    { name: 'blanks and CR LF', text: `\r\n ${'ab '.repeat(20)}\r\n`, found: [SHA1] },
    { name: 'comments', text: `# stolen in 2022\n${SHA1} # sold`, found: [SHA1] },
    { name: 'a byte order mark', text: `\ufeff${SHA1}`, found: [SHA1] },
    { name: "the mark of Windows' dialog", text: `\u200e${SHA1}`, found: [SHA1] },
  ])('reads $name', ({ text, found }) => {
    writeTree(folder, { 'distrust.txt': text });
    expect([...readDistrustFile(at('distrust.txt'))]).toEqual(found);
  });

  test.each([
    { name: 'a digit too few', text: `${SHA1}\n${SHA1.slice(1)}`, says: ':2: 39 characters' },
    { name: 'what is no digit', text: SHA1.replace('a', 'x'), says: ':1: 40 characters' },
    { name: 'two in a line', text: `${SHA1} ${SHA1}`, says: ':1: 80 characters' },
    { name: 'no thumbprint at all', text: '# none yet\n', says: ': no thumbprint in it' },
  ])('refuses $name, with its line', ({ text, says }) => {
    writeTree(folder, { 'distrust.txt': text });
    expect(() => readDistrustFile(at('distrust.txt'))).toThrow(`${at('distrust.txt')}${says}`);
  });
});

describe('readCrlFiles', () => {
  writeTree(folder, {
    'crl/a.crl': list,
    'crl/b.pem': pemBlock('X509 CRL', list).repeat(2),
    'crl/c.txt': 'no list',
    'wrong.crl': root.certificate.encoded,
    'wrong.pem': toPem(root.certificate.encoded),
    'empty/readme.txt': '',
  });

  test('reads a folder, DER and PEM', () => {
    expect(readCrlFiles([at('crl')])).toEqual([list, list, list].map((der) => new Uint8Array(der)));
  });

  test.each([
    { name: 'a certificate', file: 'wrong.crl', says: 'FILE: ' },
    { name: 'a PEM file of certificates', file: 'wrong.pem', says: 'FILE: no revocation list' },
    { name: 'a folder without lists', file: 'empty', says: 'FILE: no .crl or .pem file in it' },
    { name: 'a place that is not there', file: 'absent', says: 'cannot read FILE: ENOENT' },
  ])('refuses $name', ({ file, says }) => {
    expect(() => readCrlFiles([at(file)])).toThrow(
      expect.objectContaining({
        name: 'CommandError',
        message: expect.stringContaining(says.replace('FILE', at(file))),
      }),
    );
  });
});

describe('loadTrust', () => {
  writeTree(folder, {
    'roots/codesignctl.pem': toPem(root.certificate.encoded),
    'distrusted.txt': SHA1,
  });
  const options = {
    roots: [at('roots')],
    crl: [at('crl/a.crl')],
    distrust: at('distrusted.txt'),
    strict: true,
  };

  test('reads what the options name, and a thread makes the same of it', async () => {
    const sent = structuredClone(await loadTrust(options));
    const context = verificationContext(sent);
    const { anchors, revocation } = context;
    expect(context).toMatchObject({ now: sent.now, strict: true, distrusted: new Set([SHA1]) });
    expect(anchors).toMatchObject({ source: `roots:${at('roots')}`, judges: true });
    expect(anchors?.codeSigning.has(root.certificate)).toBe(true);
    expect(anchors?.timeStamping.size).toBe(0);
    const nowMs = Date.parse('2026-06-01T00:00:00Z');
    expect(revocation?.check(revoked, authority.certificate, nowMs).status).toBe('revoked');
  });

  test('sends certificates and lists in shared memory', async () => {
    const { roots, crls } = await loadTrust(options);
    expect(roots.roots[0]?.encoded.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(crls[0]?.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('checks no revocation where no list was given', async () => {
    const context = verificationContext(await loadTrust({ roots: [at('roots')] }));
    expect(context.revocation).toBeUndefined();
    expect(context).toMatchObject({ strict: false, distrusted: new Set() });
  });
});
