import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  contextPrimitive,
  octetString,
  sequence,
  tlv,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { Certificate } from '../../../parsers/x509/certificate.ts';
import { certificateOf } from '../../../parsers/x509/certificate-cache.ts';
import { sweep } from '../sweep.ts';
import { buildCertificate, extensionOf, nameOf, spki, utf8 } from './certificate-builder.ts';

const issued = path.join(import.meta.dirname, '../../../fixtures/ca/issued');
const ia5 = (text: string) => Buffer.from(text, 'latin1');

function crlPoint(...urls: readonly string[]): Uint8Array {
  const names = urls.map((url) => contextPrimitive(6, ia5(url)));
  return sequence(contextConstructed(0, contextConstructed(0, ...names)));
}

describe('Certificate', () => {
  test.each(readdirSync(issued))('agrees with OpenSSL about %s', (file) => {
    const theirs = new X509Certificate(readFileSync(path.join(issued, file)));
    const ours = new Certificate(theirs.raw);
    const strip = (hex: string) => hex.replaceAll(':', '').toLowerCase();
    expect(ours.facts.sha1).toBe(strip(theirs.fingerprint));
    expect(ours.facts.sha256).toBe(strip(theirs.fingerprint256));
    expect(new Date(ours.facts.notBefore)).toEqual(theirs.validFromDate);
    expect(new Date(ours.facts.notAfter)).toEqual(theirs.validToDate);
    expect(ours.publicKey?.equals(theirs.publicKey)).toBe(true);
  });

  test('gives the facts of a record', () => {
    const extensions = [
      extensionOf(
        OID.crlDistributionPoints,
        sequence(crlPoint('http://a/1.crl', 'ldap:///x'), crlPoint('http://b/2.crl')),
      ),
    ];
    const { facts } = new Certificate(buildCertificate({ serial: '00a1b2', extensions }));
    expect(facts).toMatchObject({
      name: 'Subject',
      issuerName: 'Issuer',
      subject: 'CN=Subject',
      issuer: 'CN=Issuer',
      serial: 'a1b2',
      notBefore: '2017-05-01T00:00:00Z',
      notAfter: '2019-05-01T23:59:59Z',
      crlUrls: ['http://a/1.crl', 'ldap:///x', 'http://b/2.crl'],
    });
  });

  test('shows the rfc822Name where the subject is empty', () => {
    const names = sequence(
      contextPrimitive(2, ia5('host.example')),
      contextPrimitive(1, ia5('a@example.org')),
    );
    const extensions = [extensionOf(OID.subjectAltName, names)];
    expect(new Certificate(buildCertificate({ subject: sequence(), extensions })).facts.name).toBe(
      'a@example.org',
    );
  });

  test('keeps a negative serial number as it is encoded', () => {
    const certificate = new Certificate(buildCertificate({ serial: '8db7c0ffee' }));
    expect(certificate.facts.serial).toBe('8db7c0ffee');
    expect(certificate.serialNumber).toEqual(Uint8Array.from(Buffer.from('8db7c0ffee', 'hex')));
  });

  test('keeps its facts where the key cannot be loaded', () => {
    const publicKeyInfo = sequence(octetString(Buffer.from('no key')));
    const certificate = new Certificate(buildCertificate({ publicKeyInfo }));
    expect(certificate.publicKey).toBeUndefined();
    expect(certificate.facts.name).toBe('Subject');
  });

  test('keeps its facts where an extension is malformed, and lists the problem', () => {
    const extensions = [
      extensionOf(OID.crlDistributionPoints, Buffer.from('garbage')),
      extensionOf(OID.subjectKeyIdentifier, octetString(Buffer.from('abcd', 'hex'))),
    ];
    const encoded = buildCertificate({ extensions });
    const certificate = new Certificate(encoded);
    expect(certificate.facts.crlUrls).toEqual([]);
    expect(certificate.extensions.subjectKeyIdentifier).toEqual(Uint8Array.of(0xab, 0xcd));
    expect(certificate.extensions.problems).toMatchObject([
      { code: 'bad-length', offset: Buffer.from(encoded).indexOf('garbage') },
    ]);
  });

  test('takes the first of an extension that is there twice', () => {
    const extensions = ['http://a/', 'http://b/'].map((url) =>
      extensionOf(OID.crlDistributionPoints, sequence(crlPoint(url))),
    );
    expect(new Certificate(buildCertificate({ extensions })).facts.crlUrls).toEqual(['http://a/']);
  });

  test.each([
    {
      name: '65 CRL addresses in one point',
      value: sequence(crlPoint(...Array.from({ length: 70 }, () => 'http://a/'))),
    },
    {
      name: '65 points',
      value: sequence(...Array.from({ length: 70 }, () => crlPoint('http://a/'))),
    },
  ])('gives up on $name', ({ value }) => {
    const { facts, extensions } = new Certificate(
      buildCertificate({ extensions: [extensionOf(OID.crlDistributionPoints, value)] }),
    );
    expect(facts.crlUrls).toEqual([]);
    expect(extensions.problems).toMatchObject([{ code: 'too-many' }]);
  });

  test('takes a version 1 certificate, without extensions', () => {
    const name = nameOf([OID.commonName, utf8('Old')]);
    const time = tlv(0x17, ia5('960129000000Z'));
    const tbs = sequence(
      tlv(0x02, Uint8Array.of(1)),
      sequence(),
      name,
      sequence(time, time),
      name,
      spki,
    );
    const { facts } = new Certificate(sequence(tbs, sequence(), tlv(0x03, Uint8Array.of(0))));
    expect(facts).toMatchObject({ name: 'Old', notBefore: '1996-01-29T00:00:00Z', crlUrls: [] });
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    const encoded = buildCertificate({
      extensions: [
        extensionOf(OID.crlDistributionPoints, sequence(crlPoint('http://a/1.crl'))),
        extensionOf(
          OID.authorityKeyIdentifier,
          sequence(contextPrimitive(0, Buffer.from('ab', 'hex'))),
        ),
      ],
    });
    expect(sweep(encoded, (damaged) => new Certificate(damaged).publicKey)).toBe(
      4 * encoded.length,
    );
  });
});

describe('certificateOf', () => {
  test('gives the same object for the same bytes, and does not keep the buffer', () => {
    const buffer = buildCertificate({ serial: '77' });
    const first = certificateOf(buffer);
    expect(certificateOf(Uint8Array.from(buffer))).toBe(first);
    buffer.fill(0);
    expect(first.serialNumber).toEqual(Uint8Array.of(0x77));
  });

  test('does not keep one above 8 KB, and refuses one above 64 KB', () => {
    const withPadding = (size: number) =>
      buildCertificate({ extensions: [extensionOf('1.2.3', Buffer.alloc(size))] });
    const large = withPadding(10_000);
    expect(certificateOf(large)).not.toBe(certificateOf(large));
    expect(() => certificateOf(withPadding(65_000))).not.toThrow();
    expect(() => certificateOf(Buffer.alloc(70_000))).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'bad-length' }),
    );
  });

  test('forgets the oldest of more than 4,096', () => {
    const serialOf = (n: number) => `01${n.toString(16).padStart(4, '0')}`;
    const first = certificateOf(buildCertificate({ serial: serialOf(0) }));
    for (let n = 1; n <= 4096; n++) certificateOf(buildCertificate({ serial: serialOf(n) }));
    expect(certificateOf(buildCertificate({ serial: serialOf(0) }))).not.toBe(first);
  });
});
