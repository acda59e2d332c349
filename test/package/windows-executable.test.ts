import { NtExecutable, NtExecutableResource } from 'pe-library';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawIcon, iconGroup } from '../../build/package/icon.ts';
import { agent } from '../../build/package/programs.ts';
import { FUSE } from '../../build/package/sea-blob.ts';
import { windowsExecutable } from '../../build/package/windows-executable.ts';

const blob = Buffer.from('the blob');

/** An image with what Node's has: the marker, and a resource that describes Node. */
function nodeImage(marker: string): Uint8Array {
  const image = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(image);
  const bin = Uint8Array.from(Buffer.from("Node's")).buffer;
  for (const type of [3, 16, 24, 11])
    resources.replaceResourceEntry({ type, id: 7, lang: 1033, codepage: 0, bin });
  resources.outputResource(image);
  image.setExtraData(Uint8Array.from(Buffer.from(marker)).buffer);
  return new Uint8Array(image.generate());
}

function build(marker: string): Uint8Array {
  return windowsExecutable({ node: nodeImage(marker), blob, program: agent, version: '1.2.3' });
}

describe('the Windows executable', () => {
  let bytes: Buffer;
  let resources: NtExecutableResource['entries'];
  const resource = (type: number): Buffer =>
    Buffer.from(resources.find((each) => each.type === type)?.bin ?? new ArrayBuffer(0));

  beforeAll(() => {
    bytes = Buffer.from(build(`${FUSE}:0`));
    resources = NtExecutableResource.from(NtExecutable.from(bytes)).entries;
  });

  test('has the blob under the name that Node asks for, and says that it has one', () => {
    const found = resources.find(({ id }) => id === 'NODE_SEA_BLOB');
    expect(found?.type).toBe(10);
    expect(Buffer.from(found?.bin ?? new ArrayBuffer(0)).toString()).toBe('the blob');
    expect(bytes.includes(`${FUSE}:1`)).toBe(true);
    expect(bytes.includes(`${FUSE}:0`)).toBe(false);
  });

  test('has nothing left that describes Node, and keeps the rest', () => {
    const old = resources.filter(({ id }) => id === 7).map(({ type }) => type);
    expect(old).toEqual([11]);
  });

  test('takes long paths and UTF-8, and asks for no rights', () => {
    const manifest = resource(24).toString();
    expect(manifest).toMatch(/<longPathAware [^>]*>true</);
    expect(manifest).toMatch(/<activeCodePage [^>]*>UTF-8</);
    expect(manifest).toContain('level="asInvoker"');
  });

  test('has a version as text and as numbers', () => {
    const version = resource(16);
    expect(version.toString('utf16le')).toContain('certsweep.exe');
    const fixed = version.indexOf(Buffer.from([0xbd, 0x04, 0xef, 0xfe]));
    expect(version.readUInt32LE(fixed + 8)).toBe(0x0001_0002);
    expect(version.readUInt32LE(fixed + 12)).toBe(0x0003_0000);
  });

  test('has the same bytes each time', () => {
    expect(Buffer.compare(build(`${FUSE}:0`), bytes)).toBe(0);
  });

  test.each([
    { name: 'no marker', marker: 'none' },
    { name: 'a marker that is set already', marker: `${FUSE}:1` },
    { name: 'two markers', marker: `${FUSE}:0 ${FUSE}:0` },
  ])('is not made of a Node with $name', ({ marker }) => {
    expect(() => build(marker)).toThrow('has not one marker');
  });
});

test('the icon is a picture with 32 bits a pixel in each size that its group lists', () => {
  const images = drawIcon();
  const group = Buffer.from(iconGroup(images));
  expect(images.map(({ size }) => size)).toEqual([16, 32, 48]);
  for (const [index, { size, bytes }] of images.entries()) {
    const mask = Math.ceil(size / 32) * 4 * size;
    expect(bytes).toHaveLength(40 + size * size * 4 + mask);
    expect(group.readUInt8(6 + 14 * index)).toBe(size);
    expect(group.readUInt32LE(6 + 14 * index + 8)).toBe(bytes.length);
    const middle = 40 + ((size >> 1) * size + (size >> 1)) * 4;
    expect([...bytes.subarray(40, 44)]).toEqual([0, 0, 0, 0]); // outside the round corner
    expect(bytes[middle + 3]).toBe(0xff);
  }
});
