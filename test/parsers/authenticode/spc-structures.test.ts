import { describe, expect, test } from 'vitest';
import {
  bmpBytes,
  contextConstructed,
  contextPrimitive,
  objectIdentifier,
  octetString,
  sequence,
} from '../../../build/fixtures/der.ts';
import { parseSpcIndirectData } from '../../../parsers/authenticode/spc-indirect-data.ts';
import { parseSpcSpOpusInfo } from '../../../parsers/authenticode/spc-sp-opus-info.ts';
import { readDer } from '../../../parsers/der/der-reader.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { sweep } from '../sweep.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const first = (bytes: Uint8Array) => readDer(bytes, 100).next();

describe('parseSpcSpOpusInfo', () => {
  const unicodeName = contextConstructed(0, contextPrimitive(0, bmpBytes('Größe')));
  const url = contextConstructed(1, contextPrimitive(0, ascii('http://a.invalid/ ')));

  test.each([
    {
      name: 'a name in UTF-16 and an address',
      bytes: sequence(unicodeName, url),
      programName: 'Größe',
      moreInfo: 'http://a.invalid/ ',
    },
    {
      name: 'a name in ASCII',
      bytes: sequence(contextConstructed(0, contextPrimitive(1, ascii('sas.dll')))),
      programName: 'sas.dll',
      moreInfo: null,
    },
    {
      name: 'an address alone',
      bytes: sequence(url),
      programName: null,
      moreInfo: 'http://a.invalid/ ',
    },
    {
      name: 'a file in place of an address',
      bytes: sequence(
        contextConstructed(1, contextConstructed(2, contextPrimitive(0, bmpBytes('a.txt')))),
      ),
      programName: null,
      moreInfo: 'a.txt',
    },
    {
      name: 'a serialised object in place of an address',
      bytes: sequence(contextConstructed(1, contextConstructed(1, octetString(ascii('x'))))),
      programName: null,
      moreInfo: null,
    },
    {
      name: 'an empty name',
      bytes: sequence(contextConstructed(0, contextPrimitive(0, bmpBytes('')))),
      programName: '',
      moreInfo: null,
    },
    { name: 'nothing', bytes: sequence(), programName: null, moreInfo: null },
  ])('reads $name', ({ bytes, programName, moreInfo }) => {
    expect(parseSpcSpOpusInfo(first(bytes))).toEqual({ programName, moreInfo });
  });

  test.each([
    { name: 'no SEQUENCE', bytes: octetString(ascii('x')), offset: 100 },
    {
      name: 'a name of another type',
      bytes: sequence(contextConstructed(0, octetString(ascii('x')))),
      offset: 104,
    },
    {
      name: 'an address of another type',
      bytes: sequence(contextConstructed(1, octetString(ascii('x')))),
      offset: 104,
    },
  ])('refuses $name', ({ bytes, offset }) => {
    expect(() => parseSpcSpOpusInfo(first(bytes))).toThrow(
      expect.objectContaining({ code: 'bad-value', offset }),
    );
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    const bytes = sequence(unicodeName, url);
    expect(sweep(bytes, (damaged) => parseSpcSpOpusInfo(readDer(damaged).next()))).toBe(
      4 * bytes.length,
    );
  });
});

test('a program name above 8 KB is refused', () => {
  const bytes = sequence(contextConstructed(0, contextPrimitive(1, Buffer.alloc(8193))));
  expect(() => parseSpcSpOpusInfo(first(bytes))).toThrow(
    expect.objectContaining({ code: 'bad-length', offset: 108 }),
  );
});

describe('parseSpcIndirectData', () => {
  test('refuses a digest above 344 octets', () => {
    const digestInfo = sequence(
      sequence(objectIdentifier(OID.sha256)),
      octetString(Buffer.alloc(345)),
    );
    const bytes = sequence(sequence(objectIdentifier('1.2.3')), digestInfo);
    expect(() => parseSpcIndirectData(first(bytes))).toThrow(
      expect.objectContaining({ code: 'bad-length' }),
    );
  });

  function indirectData(oid: string): Uint8Array {
    const digestInfo = sequence(sequence(objectIdentifier(oid)), octetString(ascii('digest')));
    return sequence(sequence(objectIdentifier('1.3.6.1.4.1.311.2.1.15')), digestInfo);
  }

  test.each([
    { oid: OID.sha1, digestAlgorithm: 'sha1' },
    { oid: OID.sha512, digestAlgorithm: 'sha512' },
    { oid: OID.sha1WithRsa, digestAlgorithm: 'sha1' },
    { oid: '1.2.3', digestAlgorithm: undefined },
  ])('reads the digest algorithm $oid as $digestAlgorithm', ({ oid, digestAlgorithm }) => {
    expect(parseSpcIndirectData(first(indirectData(oid)))).toEqual({
      dataType: '1.3.6.1.4.1.311.2.1.15',
      digestOid: oid,
      digestAlgorithm,
      digest: Uint8Array.from(ascii('digest')),
    });
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    const bytes = indirectData(OID.sha256);
    expect(sweep(bytes, (damaged) => parseSpcIndirectData(readDer(damaged).next()))).toBe(
      4 * bytes.length,
    );
  });
});
