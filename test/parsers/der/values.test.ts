import { describe, expect, test } from 'vitest';
import { objectIdentifier, tlv } from '../../../build/fixtures/der.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { readIntegerHex, readSmallInteger } from '../../../parsers/der/integer.ts';
import { decodeOid } from '../../../parsers/der/oid.ts';
import { decodeString } from '../../../parsers/der/strings.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { decodeTime } from '../../../parsers/der/times.ts';

function element(tag: number, content: string | Uint8Array, encoding: BufferEncoding = 'hex') {
  const bytes = typeof content === 'string' ? Buffer.from(content, encoding) : content;
  return readDer(tlv(tag, bytes), 100).next();
}

describe('decodeOid', () => {
  test.each([
    '1.2.840.113549.1.7.2',
    '0.9.2342.19200300.100.1.25',
    '2.5.4.3',
    '2.16.840.1.101.3.4.2.1',
    '1.3.14.3.2.26',
  ])('reads %s', (oid) => {
    expect(decodeOid(readDer(objectIdentifier(oid)).next())).toBe(oid);
  });

  test.each([
    { name: 'the first two arcs in one group above 127', hex: '8837', oid: '2.999' },
    {
      name: 'a UUID arc, which passes 2^53',
      hex: '6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776',
      oid: '2.25.329800735698586629295641978511506172918',
    },
    { name: 'a first group past 2^53', hex: '83ffffffffffffffff50', oid: '2.36893488147419103104' },
  ])('reads $name', ({ hex, oid }) => {
    expect(decodeOid(element(TAG.oid, hex))).toBe(oid);
  });

  test.each([
    { name: 'no octets', hex: '', code: 'bad-length' },
    { name: 'an open last arc', hex: '2a86', code: 'truncated' },
    { name: '65 octets', hex: '01'.repeat(65), code: 'bad-length' },
  ])('refuses $name', ({ hex, code }) => {
    expect(() => decodeOid(element(TAG.oid, hex))).toThrow(
      expect.objectContaining({ code, offset: 100 }),
    );
  });
});

describe('integers', () => {
  test.each([
    { name: 'a leading zero digit is kept', hex: '0b4a9ab6ddcdb7b2', expected: '0b4a9ab6ddcdb7b2' },
    { name: 'a sign octet is dropped', hex: '00a1b2c3', expected: 'a1b2c3' },
    { name: 'a negative number keeps its octets', hex: '8db7c0ffee', expected: '8db7c0ffee' },
    { name: 'zero stays', hex: '00', expected: '00' },
  ])('in hex: $name', ({ hex, expected }) => {
    expect(readIntegerHex(readDer(tlv(TAG.integer, Buffer.from(hex, 'hex'))), 'serial')).toBe(
      expected,
    );
  });

  test.each([
    { hex: '14', max: 20, value: 20 },
    { hex: '00ff', max: 255, value: 255 },
  ])('small: $hex is $value', ({ hex, max, value }) => {
    expect(readSmallInteger(readDer(tlv(TAG.integer, Buffer.from(hex, 'hex'))), 'salt', max)).toBe(
      value,
    );
  });

  test.each([
    { name: 'above the limit', hex: '15' },
    { name: 'negative', hex: 'ff' },
    { name: 'empty', hex: '' },
    { name: 'of a kilobyte', hex: '7f'.repeat(1024) },
  ])('small: refuses one $name', ({ hex }) => {
    const reader = readDer(tlv(TAG.integer, Buffer.from(hex, 'hex')), 100);
    expect(() => readSmallInteger(reader, 'salt', 20)).toThrow(
      expect.objectContaining({ code: 'bad-value', offset: 100 }),
    );
  });
});

describe('decodeString', () => {
  test.each([
    { name: 'UTF8String', tag: TAG.utf8String, hex: 'd09fd180d0b8', text: 'При' },
    { name: 'UTF8String with a bad octet', tag: TAG.utf8String, hex: '41ff42', text: 'A\ufffdB' },
    { name: 'PrintableString', tag: TAG.printableString, hex: '52616469782c', text: 'Radix,' },
    { name: 'T61String as Latin-1', tag: TAG.t61String, hex: '4772f6df65', text: 'Größe' },
    { name: 'IA5String', tag: TAG.ia5String, hex: '614062', text: 'a@b' },
    { name: 'BMPString', tag: TAG.bmpString, hex: '041e041e041e', text: 'ООО' },
    { name: 'BMPString with an odd octet', tag: TAG.bmpString, hex: '004100', text: 'A' },
    {
      name: 'UniversalString',
      tag: TAG.universalString,
      hex: '0001f600ffffffff',
      text: '😀\ufffd',
    },
    { name: 'an empty string', tag: TAG.utf8String, hex: '', text: '' },
  ])('reads $name', ({ tag, hex, text }) => {
    expect(decodeString(element(tag, hex))).toBe(text);
  });

  test('refuses what is no character string', () => {
    expect(() => decodeString(element(TAG.integer, '05'))).toThrow(
      expect.objectContaining({
        code: 'bad-value',
        message: 'integer where a character string belongs',
      }),
    );
  });
});

describe('decodeTime', () => {
  test.each([
    { tag: TAG.utcTime, text: '170821145313Z', iso: '2017-08-21T14:53:13Z' },
    { tag: TAG.utcTime, text: '491231235959Z', iso: '2049-12-31T23:59:59Z' },
    { tag: TAG.utcTime, text: '500101000000Z', iso: '1950-01-01T00:00:00Z' },
    { tag: TAG.utcTime, text: '9701010000Z', iso: '1997-01-01T00:00:00Z' },
    { tag: TAG.utcTime, text: '970101003000+0130', iso: '1996-12-31T23:00:00Z' },
    { tag: TAG.generalizedTime, text: '20210317100000Z', iso: '2021-03-17T10:00:00Z' },
    {
      tag: TAG.generalizedTime,
      text: '20210317100000.12345678900Z',
      iso: '2021-03-17T10:00:00.1234567Z',
    },
    { tag: TAG.generalizedTime, text: '20210317100000.500Z', iso: '2021-03-17T10:00:00.5Z' },
    { tag: TAG.generalizedTime, text: '20210317100000-0800', iso: '2021-03-17T18:00:00Z' },
    { tag: TAG.generalizedTime, text: '99991231235959Z', iso: '9999-12-31T23:59:59Z' },
    { tag: TAG.generalizedTime, text: '00010101000000Z', iso: '0001-01-01T00:00:00Z' },
  ])('reads $text as $iso', ({ tag, text, iso }) => {
    expect(decodeTime(element(tag, text, 'latin1'))).toBe(iso);
  });

  test.each([
    { name: '30 February', tag: TAG.utcTime, text: '170230000000Z', code: 'bad-value' },
    { name: 'hour 24', tag: TAG.utcTime, text: '170228240000Z', code: 'bad-value' },
    { name: 'no zone', tag: TAG.generalizedTime, text: '20210317100000', code: 'bad-value' },
    {
      name: 'year 10000 by its zone',
      tag: TAG.generalizedTime,
      text: '99991231235959-0100',
      code: 'bad-value',
    },
    { name: 'letters', tag: TAG.utcTime, text: 'yesterday', code: 'bad-value' },
    { name: 'a kilobyte', tag: TAG.utcTime, text: '1'.repeat(1024), code: 'bad-length' },
    { name: 'another type', tag: TAG.octetString, text: '170821145313Z', code: 'bad-value' },
  ])('refuses $name', ({ tag, text, code }) => {
    expect(() => decodeTime(element(tag, text, 'latin1'))).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset: 100 }),
    );
  });
});
