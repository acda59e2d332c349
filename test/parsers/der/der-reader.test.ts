import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  integer,
  octetString,
  sequence,
  tlv,
} from '../../../build/fixtures/der.ts';
import { type DerElement, type DerReader, readDer } from '../../../parsers/der/der-reader.ts';
import { contextTag, TAG, tagName } from '../../../parsers/der/tags.ts';
import { sweep } from '../sweep.ts';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Reads everything there is, however deep. */
function readAll(reader: DerReader): number {
  let count = 0;
  for (const element of reader.rest())
    count += 1 + (isConstructed(element) ? readAll(element.children) : 0);
  return count;
}

function isConstructed({ tag }: DerElement): boolean {
  return (tag & 0x20) !== 0;
}

describe('DerReader', () => {
  test('reads elements in order, with their places in the file', () => {
    const reader = readDer(sequence(integer('05'), octetString(bytes('aabb'))), 1000);
    const fields = reader.read(TAG.sequence, 'outer').children;
    const number = fields.read(TAG.integer, 'number');
    expect(number.offset).toBe(1002);
    expect(number.contentOffset).toBe(1004);
    expect(number.content).toEqual(bytes('05'));
    expect(fields.next().encoded).toEqual(bytes('0402aabb'));
    expect(fields.done).toBe(true);
    expect(reader.done).toBe(true);
  });

  test('gives views, not copies', () => {
    const input = sequence(octetString(bytes('aabb')));
    expect(readDer(input).next().content.buffer).toBe(input.buffer);
  });

  test('leaves an element alone that optional did not ask for', () => {
    const reader = readDer(contextConstructed(1, integer('05')));
    expect(reader.optional(contextTag(0))).toBeUndefined();
    expect(reader.optional(contextTag(1))?.tag).toBe(0xa1);
    expect(reader.optional(contextTag(1))).toBeUndefined();
  });

  test.each([
    { name: 'short', hex: '0401aa' },
    { name: 'one octet', hex: '048101aa' },
    { name: 'four octets, not minimal', hex: '048400000001aa' },
  ])('reads a length in its $name form', ({ hex }) => {
    expect(readDer(bytes(hex)).next().content).toEqual(bytes('aa'));
  });

  test.each([
    { name: 'a lone tag', hex: '30', code: 'truncated', offset: 101 },
    { name: 'a cut-off length', hex: '308201', code: 'truncated', offset: 103 },
    { name: 'a length past the end', hex: '0402aa', code: 'bad-length', offset: 100 },
    { name: 'a length of 4 GiB', hex: '3084ffffffff', code: 'bad-length', offset: 100 },
    { name: 'a length of five octets', hex: '30850000000001aa', code: 'bad-length', offset: 100 },
    { name: 'an indefinite length', hex: '30800000', code: 'unsupported', offset: 100 },
    { name: 'a tag number above 30', hex: '1f8101', code: 'unsupported', offset: 100 },
    { name: 'nothing', hex: '', code: 'truncated', offset: 100 },
  ])('refuses $name', ({ hex, code, offset }) => {
    expect(() => readDer(bytes(hex), 100).next()).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset }),
    );
  });

  test('does not let an element pass the end of the one around it', () => {
    const inner = readDer(bytes('30030402aabb'), 100).next().children;
    expect(() => inner.next()).toThrow(
      expect.objectContaining({ code: 'bad-length', offset: 102 }),
    );
  });

  test.each([
    {
      name: 'another tag',
      hex: '0500',
      code: 'bad-value',
      message: 'version: integer expected, null found',
    },
    { name: 'the end', hex: '', code: 'truncated', message: 'version is missing' },
  ])('names what was wanted at $name', ({ hex, code, message }) => {
    expect(() => readDer(bytes(hex), 100).read(TAG.integer, 'version')).toThrow(
      expect.objectContaining({ code, offset: 100, message }),
    );
  });

  test('finds no children in a primitive element', () => {
    const element = readDer(octetString(bytes('0500'))).next();
    expect(() => element.children).toThrow(
      expect.objectContaining({ code: 'bad-value', offset: 0 }),
    );
  });

  test('stops 64 elements deep', () => {
    let nested = integer('05');
    for (let depth = 0; depth < 100; depth++) nested = sequence(nested);
    expect(() => readAll(readDer(nested))).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });

  test('stops after 200,000 elements', () => {
    const many = new Uint8Array(2 * 200_001).map((_, at) => (at % 2 === 0 ? 0x05 : 0x00));
    expect(() => readAll(readDer(many))).toThrow(
      expect.objectContaining({ code: 'too-many', offset: 2 * 200_000 }),
    );
  });

  test('gives elements or a ParseError for every cut and every flipped byte', () => {
    const input = sequence(
      integer('0102'),
      contextConstructed(0, sequence(octetString(bytes('aabbcc')))),
      tlv(0x17, bytes('3031')),
    );
    expect(sweep(input, (damaged) => readAll(readDer(damaged)))).toBe(4 * input.length);
  });
});

test.each([
  { tag: 0x30, name: 'sequence' },
  { tag: 0xa1, name: '[1]' },
  { tag: 0x82, name: '[2]' },
  { tag: 0x0a, name: 'tag 0x0a' },
])('tag $tag is called $name', ({ tag, name }) => {
  expect(tagName(tag)).toBe(name);
});
