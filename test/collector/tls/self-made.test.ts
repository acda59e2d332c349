import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { isNameOf, readIdentity } from '../../../collector/tls/identity.ts';
import { selfMadeIdentity } from '../../../collector/tls/self-made.ts';
import { parseServerName, type ServerName } from '../../../collector/tls/server-name.ts';
import { temporaryFolder } from '../collector-process.ts';

if (process.platform === 'win32')
  console.warn('certsweep: file modes of keys cannot be tested on Windows: LEFT OUT');

const DAY = 86_400_000;
const START = Date.UTC(2026, 6, 1);
const { folder, remove } = temporaryFolder();
afterAll(remove);

let count = 0;
let data: string;

beforeEach(() => {
  count += 1;
  data = path.join(folder, String(count));
});

function serverName(text: string): ServerName {
  const name = parseServerName(text);
  if (!name) throw new Error(`${text} is no server name`);
  return name;
}

const names = ['localhost', '127.0.0.1', '::1', 'collector.example'].map(serverName);
const made = (days = 0, more: readonly ServerName[] = []) =>
  selfMadeIdentity(data, [...names, ...more], new Date(START + days * DAY));
const tlsFile = (name: string) => path.join(data, 'tls', name);

describe('a self-made identity', () => {
  test('is an authority and a server that it signed, with the names that agents use', () => {
    const { certificate, ca, notes } = made();
    expect(notes).toHaveLength(2);
    expect([ca.ca, certificate.ca]).toEqual([true, false]);
    expect(ca.checkIssued(ca)).toBe(true);
    expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:collector.example',
    );
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']); // serverAuth
    expect(certificate.validFromDate).toEqual(new Date(START - DAY));
    expect(certificate.validToDate).toEqual(new Date(START + 365 * DAY));
    expect(ca.validToDate).toEqual(new Date(START + 3650 * DAY));
  });

  test.skipIf(process.platform === 'win32')('keeps its keys to the owner', () => {
    made();
    const mode = (name: string) => statSync(path.join(data, name)).mode & 0o777;
    expect(['tls', 'tls/ca.key', 'tls/server.key'].map(mode)).toEqual([0o700, 0o600, 0o600]);
    chmodSync(tlsFile('server.key'), 0o644);
    expect(() => made()).toThrow(`others can read the key ${tlsFile('server.key')}`);
  });

  test('is the same at the next start', () => {
    const [first, second] = [made(), made(335)];
    expect(second).toMatchObject({ key: first.key, cert: first.cert, notes: [] });
  });

  test('is renewed 30 days before its end, and agents that trust the authority need nothing new', () => {
    const [first, second] = [made(), made(336)];
    expect(second.cert).not.toBe(first.cert);
    expect(second.key).not.toBe(first.key);
    expect(second.ca.fingerprint256).toBe(first.ca.fingerprint256);
    expect(second.certificate.verify(first.ca.publicKey)).toBe(true);
    expect(second.certificate.validToDate).toEqual(new Date(START + (336 + 365) * DAY));
    expect(second.notes).toEqual([expect.stringContaining('agents need nothing new')]);
  });

  test('gets another name when one is asked for', () => {
    const [first, second] = [made(), made(1, [serverName('192.0.2.7')])];
    expect(isNameOf(first.certificate, '192.0.2.7:8400')).toBe(false);
    expect(isNameOf(second.certificate, '192.0.2.7:8400')).toBe(true);
    expect(made(2).cert).toBe(second.cert); // fewer names are no reason
  });

  test('has an authority that is renewed two years before its end and stays the same for agents', () => {
    const [first, second] = [made(), made(3650 - 729)];
    expect(second.ca.fingerprint256).not.toBe(first.ca.fingerprint256);
    expect(second.ca.publicKey.equals(first.ca.publicKey)).toBe(true);
    expect(second.certificate.checkIssued(first.ca)).toBe(true);
    expect(second.notes[0]).toContain(
      `give ${tlsFile('ca.pem')} to the agents before ${first.ca.validToDate.toISOString()}`,
    );
  });

  test('has dates past 2049 in their own form', () => {
    const { ca } = made(20 * 365);
    expect(ca.validToDate).toEqual(new Date(START + (20 * 365 + 3650) * DAY));
  });

  test('whose certificate is not that of its key, as after a crash, is made again', () => {
    const first = made();
    rmSync(tlsFile('server.key'));
    const second = made();
    expect(second.cert).not.toBe(first.cert);
    expect(second.ca.fingerprint256).toBe(first.ca.fingerprint256);
  });

  test('is not replaced where a file cannot be read', () => {
    made();
    writeFileSync(tlsFile('ca.key'), 'no key');
    expect(() => made()).toThrow(`cannot use ${tlsFile('ca.key')}`);
  });
});

describe('a given identity', () => {
  const read = (cert = 'server.pem', key = 'server.key', days = 0) =>
    readIdentity(tlsFile(cert), tlsFile(key), new Date(START + days * DAY));

  test('is read from its two files', () => {
    const { key, cert } = made();
    expect(read()).toMatchObject({ key, cert });
    expect(new X509Certificate(cert).toString()).toBe(readFileSync(tlsFile('server.pem'), 'utf8'));
  });

  test.each([
    { name: 'a key of another certificate', files: ['server.pem', 'ca.key'], says: 'not the key' },
    { name: 'a missing certificate', files: ['none.pem'], says: 'cannot read the certificate' },
    { name: 'a missing key', files: ['server.pem', 'none.key'], says: 'cannot read the key' },
    { name: 'a key as certificate', files: ['server.key'], says: 'holds no certificate in PEM' },
    {
      name: 'a certificate as key',
      files: ['server.pem', 'server.pem'],
      says: 'holds no private key in PEM',
    },
  ])('is refused for $name', ({ files, says }) => {
    made();
    chmodSync(tlsFile('server.pem'), 0o600);
    expect(() => read(files[0], files[1])).toThrow(says);
  });

  test('is refused when it has expired', () => {
    made();
    expect(() => read('server.pem', 'server.key', 366)).toThrow('expired at 2027-07-01');
  });
});

test.each([
  { text: '192.0.2.1', expected: 'c0000201' },
  { text: '::1', expected: '00000000000000000000000000000001' },
  { text: '2001:db8::', expected: '20010db8000000000000000000000000' },
  { text: '2001:db8:1:2:3:4:5:6', expected: '20010db8000100020003000400050006' },
  { text: '::ffff:192.0.2.1', expected: '00000000000000000000ffffc0000201' },
  { text: 'Collector.Example.', expected: 'collector.example' },
  { text: '*.example', expected: '*.example' },
  { text: 'fe80::1%eth0', expected: undefined },
  { text: 'two words', expected: undefined },
  { text: 'a\0.example', expected: undefined },
  { text: 'a..example', expected: undefined },
  { text: '', expected: undefined },
])('the server name $text is $expected in a certificate', ({ text, expected }) => {
  const name = parseServerName(text);
  expect(name?.kind === 'ip' ? Buffer.from(name.bytes).toString('hex') : name?.text).toBe(expected);
});
