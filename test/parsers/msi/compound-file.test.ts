import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { readMsi } from '../../../parsers/msi/read-msi.ts';
import { type BuiltCompound, buildCompound, type EntryPlan, MARKS } from './compound-builder.ts';

const plans: readonly EntryPlan[] = [
  { name: 'Big', bytes: Buffer.alloc(9000, 7) },
  { name: 'Small', bytes: Buffer.alloc(100, 8) },
];
/** Directory entries, in the order of the plans. */
const ROOT = 0;
const BIG = 128;
const SMALL = 256;
const LEFT = 68;
const RIGHT = 72;
const CHILD = 76;
const START = 116;
const SIZE = 120;

describe('a compound file', () => {
  test('reads to its end when it is sound', () => {
    expect(digest(buildCompound(plans))).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    { name: 'a chain that ends early', at: fat(1), value: MARKS.ENDOFCHAIN, code: 'truncated' },
    {
      name: 'a chain that runs into a free sector',
      at: fat(1),
      value: MARKS.FREESECT,
      code: 'bad-value',
    },
    { name: 'a chain that leaves the file', at: fat(1), value: 100, code: 'bad-value' },
    { name: 'a directory in a loop', at: directoryChain, value: 'itself', code: 'too-many' },
    {
      name: 'a stream larger than the file',
      at: entry(BIG + SIZE),
      value: 0x7fffffff,
      code: 'bad-length',
    },
    {
      name: 'streams that are larger than the file together',
      at: entry(SMALL + SIZE),
      value: 8000,
      code: 'bad-length',
    },
    {
      name: 'a small stream beyond the mini stream',
      at: entry(SMALL + START),
      value: 5,
      code: 'bad-value',
    },
    {
      name: 'an entry that is its own sibling',
      at: entry(BIG + LEFT),
      value: 1,
      code: 'bad-value',
    },
    {
      name: 'an entry whose sibling is the root',
      at: entry(SMALL + RIGHT),
      value: 0,
      code: 'bad-value',
    },
    {
      name: 'a child beyond the directory',
      at: entry(ROOT + CHILD),
      value: 500,
      code: 'bad-value',
    },
    {
      name: 'a mini stream beyond all bounds',
      at: entry(ROOT + SIZE),
      value: 0x7fffffff,
      code: 'too-many',
    },
    { name: 'sectors of 1 KB', at: () => 30, value: 10, code: 'unsupported' },
    { name: 'a mini stream cutoff of 8 KB', at: () => 56, value: 8192, code: 'unsupported' },
    { name: 'no signature of a compound file', at: () => 4, value: 0, code: 'bad-magic' },
    { name: 'a FAT in a sector that is not there', at: () => 76, value: 77, code: 'bad-value' },
  ])('with $name is refused as $code', ({ at, value, code }) => {
    const built = buildCompound(plans);
    const offset = at(built);
    built.bytes.writeUInt32LE(
      value === 'itself' ? (offset - built.fatOffset) / 4 : Number(value),
      offset,
    );
    expect(() => digest(built)).toThrow(expect.objectContaining({ name: 'ParseError', code }));
  });

  test('with a stream whose chain bites its tail is digested as far as the stream is long', () => {
    const built = buildCompound(plans);
    built.bytes.writeUInt32LE(1, fat(1)(built));
    expect(digest(built)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(built)).not.toBe(digest(buildCompound([])));
  });

  test('with storages 40 deep is refused as too-deep', () => {
    let nested: EntryPlan = { name: 'leaf', bytes: Buffer.from('x') };
    for (let depth = 0; depth < 40; depth++) nested = { name: `s${depth}`, children: [nested] };
    expect(() => digest(buildCompound([nested]))).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'too-deep' }),
    );
  });
});

function digest({ bytes }: BuiltCompound): string {
  return readMsi(memorySource(bytes)).digest('sha256');
}

/** Offset of the FAT entry of a sector. Sector 0 is the FAT, 1 the first of Big. */
function fat(sector: number) {
  return ({ fatOffset }: BuiltCompound) => fatOffset + sector * 4;
}

function directoryChain({ fatOffset, directoryOffset }: BuiltCompound): number {
  return fatOffset + (directoryOffset / 512 - 1) * 4;
}

function entry(offset: number) {
  return ({ directoryOffset }: BuiltCompound) => directoryOffset + offset;
}
