import { describe, expect, test } from 'vitest';
import { objectIdentifier, sequence, setOf, tlv } from '../../../build/fixtures/der.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { displayName } from '../../../parsers/x509/display-name.ts';
import { distinguishedName, parseName } from '../../../parsers/x509/name.ts';
import { nameOf, utf8 } from './certificate-builder.ts';

function parse(name: Uint8Array) {
  return parseName(readDer(name, 100).next());
}

describe('displayName', () => {
  const country = [OID.countryName, utf8('RU')] as const;
  const organization = [OID.organizationName, utf8('GlavSoft LLC.')] as const;
  const unit = [OID.organizationalUnitName, utf8('Software')] as const;
  const email = [OID.emailAddress, utf8('a@example.org')] as const;
  const common = [OID.commonName, utf8('GLAVSOFT, OOO')] as const;

  test.each([
    {
      name: 'the common name, wherever it stands',
      attributes: [country, organization, unit, email, common],
      shown: 'GLAVSOFT, OOO',
    },
    {
      name: 'the first of two common names',
      attributes: [common, [OID.commonName, utf8('Second')] as const],
      shown: 'GLAVSOFT, OOO',
    },
    {
      name: 'else the unit, before the organization',
      attributes: [country, organization, unit, email],
      shown: 'Software',
    },
    {
      name: 'else the organization',
      attributes: [country, organization, email],
      shown: 'GlavSoft LLC.',
    },
    { name: 'else the e-mail address', attributes: [country, email], shown: 'a@example.org' },
    {
      name: 'else the alternative name',
      attributes: [country],
      alternatives: ['b@example.org', 'c@example.org'],
      shown: 'b@example.org',
    },
    { name: 'else whatever stands first', attributes: [country], shown: 'RU' },
    { name: 'the empty string for nothing', attributes: [], shown: '' },
    {
      name: 'a common name that is empty',
      attributes: [organization, [OID.commonName, utf8('')] as const],
      shown: '',
    },
  ])('is $name', ({ attributes, alternatives = [], shown }) => {
    expect(displayName(parse(nameOf(...attributes)), alternatives)).toBe(shown);
  });
});

describe('distinguishedName', () => {
  test('puts the most specific attribute first', () => {
    const name = nameOf(
      [OID.countryName, utf8('RU')],
      [OID.localityName, utf8('Tomsk')],
      [OID.commonName, utf8('GlavSoft LLC')],
    );
    expect(distinguishedName(parse(name))).toBe('CN=GlavSoft LLC,L=Tomsk,C=RU');
  });

  test('joins the attributes of one relative name by +', () => {
    const set = setOf(
      sequence(objectIdentifier(OID.commonName), utf8('A')),
      sequence(objectIdentifier(OID.userId), utf8('7')),
    );
    expect(distinguishedName(parse(sequence(set)))).toBe('CN=A+UID=7');
  });

  test('writes an unknown type as its identifier and a value that is no text in hex', () => {
    const name = nameOf(
      ['1.3.6.1.4.1.311.60.2.1.3', utf8('DK')],
      ['2.5.4.45', tlv(TAG.bitString, Uint8Array.of(0, 0xff))],
    );
    expect(distinguishedName(parse(name))).toBe('2.5.4.45=#030200ff,1.3.6.1.4.1.311.60.2.1.3=DK');
  });

  test.each([
    { value: 'Bitdefender, SRL', escaped: 'Bitdefender\\, SRL' },
    { value: 'a+b;c<d>e"f\\g', escaped: 'a\\+b\\;c\\<d\\>e\\"f\\\\g' },
    { value: ' leading', escaped: '\\ leading' },
    { value: '#hash', escaped: '\\#hash' },
    { value: 'trailing ', escaped: 'trailing\\ ' },
    { value: ' ', escaped: '\\ ' },
    { value: 'nul\0', escaped: 'nul\\00' },
    { value: 'Größe = 1', escaped: 'Größe = 1' },
  ])('escapes as RFC 4514 does: $escaped', ({ value, escaped }) => {
    expect(distinguishedName(parse(nameOf([OID.commonName, utf8(value)])))).toBe(`CN=${escaped}`);
  });
});

test('a Name of 129 attributes is refused', () => {
  const attributes = Array.from({ length: 129 }, () => [OID.commonName, utf8('x')] as const);
  expect(() => parse(nameOf(...attributes))).toThrow(expect.objectContaining({ code: 'too-many' }));
});
