import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  contextPrimitive,
  integer,
  octetString,
  sequence,
} from '../../../build/fixtures/der.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import {
  findIssuer,
  findSigner,
  readCertificateBag,
} from '../../../parsers/x509/certificate-bag.ts';
import { buildCertificate, extensionOf, nameOf, utf8 } from './certificate-builder.ts';

const caName = nameOf([OID.commonName, utf8('CA')]);
const leafName = nameOf([OID.commonName, utf8('Leaf')]);

function keyIds({ subject, authority }: { subject?: string; authority?: string }): Uint8Array[] {
  const id = (hex: string) => Buffer.from(hex, 'hex');
  return [
    ...(subject ? [extensionOf(OID.subjectKeyIdentifier, octetString(id(subject)))] : []),
    ...(authority
      ? [extensionOf(OID.authorityKeyIdentifier, sequence(contextPrimitive(0, id(authority))))]
      : []),
  ];
}

const oldCa = buildCertificate({
  subject: caName,
  serial: '01',
  extensions: keyIds({ subject: 'aa' }),
});
const newCa = buildCertificate({
  subject: caName,
  serial: '02',
  extensions: keyIds({ subject: 'bb' }),
});
const leaf = buildCertificate({
  subject: leafName,
  issuer: caName,
  serial: '8db7',
  extensions: keyIds({ subject: 'cc', authority: 'bb' }),
});

function read(...elements: readonly Uint8Array[]) {
  return readCertificateBag([...readDer(Buffer.concat(elements), 1000).rest()]);
}

describe('readCertificateBag', () => {
  test('reads the X.509 certificates and passes attribute certificates over', () => {
    const { certificates, problems } = read(oldCa, contextConstructed(1, integer('01')), leaf);
    expect(certificates.map(({ facts }) => facts.name)).toEqual(['CA', 'Leaf']);
    expect(problems).toEqual([]);
  });

  test('loses only the certificate that is malformed, and says where in the file it is', () => {
    const broken = sequence(sequence(integer('01')));
    const { certificates, problems } = read(oldCa, broken, octetString(Buffer.from('x')), leaf);
    expect(certificates.map(({ facts }) => facts.name)).toEqual(['CA', 'Leaf']);
    expect(problems).toMatchObject([
      { name: 'ParseError', code: 'truncated', offset: 1000 + oldCa.length + broken.length },
      { name: 'ParseError', code: 'bad-value', offset: 1000 + oldCa.length + broken.length },
    ]);
  });
});

describe('findSigner', () => {
  const { certificates } = read(oldCa, newCa, leaf);

  test('compares issuer and serial number as DER', () => {
    const serialNumber = Uint8Array.of(0x8d, 0xb7);
    const signer = findSigner(certificates, {
      kind: 'issuer-and-serial',
      issuer: caName,
      serialNumber,
    });
    expect(signer?.facts.name).toBe('Leaf');
  });

  test.each([
    { name: 'another serial number', issuer: caName, serial: [0x0d, 0xb7] },
    { name: 'another issuer', issuer: leafName, serial: [0x8d, 0xb7] },
  ])('finds nothing for $name', ({ issuer, serial }) => {
    const serialNumber = Uint8Array.from(serial);
    expect(
      findSigner(certificates, { kind: 'issuer-and-serial', issuer, serialNumber }),
    ).toBeUndefined();
  });

  test('finds a certificate by its subjectKeyIdentifier', () => {
    const keyIdentifier = Uint8Array.of(0xbb);
    const signer = findSigner(certificates, { kind: 'subject-key-identifier', keyIdentifier });
    expect(signer?.facts.serial).toBe('02');
  });
});

describe('findIssuer', () => {
  test('takes of two authorities of one name the one with the key identifier', () => {
    const { certificates } = read(oldCa, newCa, leaf);
    const signer = certificates.at(-1);
    if (signer === undefined) expect.fail('no leaf');
    expect(findIssuer(certificates, signer)?.facts.serial).toBe('02');
  });

  test('takes the first where no key identifier decides', () => {
    const { certificates } = read(oldCa, buildCertificate({ issuer: caName, serial: '05' }));
    const signer = certificates.at(-1);
    if (signer === undefined) expect.fail('no leaf');
    expect(findIssuer(certificates, signer)?.facts.serial).toBe('01');
  });

  test('finds none where none has the name', () => {
    const { certificates } = read(leaf);
    const [signer] = certificates;
    if (signer === undefined) expect.fail('no leaf');
    expect(findIssuer(certificates, signer)).toBeUndefined();
  });
});
