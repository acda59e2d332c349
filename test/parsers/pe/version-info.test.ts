import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NtExecutable, NtExecutableResource } from 'pe-library';
import { describe, expect, test } from 'vitest';
import { tinyImage } from '../../../build/fixtures/tiny-image.ts';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { ParseError } from '../../../parsers/bytes/parse-error.ts';
import { readPeLayout } from '../../../parsers/pe/pe-layout.ts';
import { readVersionInfo, type VersionInfo } from '../../../parsers/pe/version-info.ts';
import { corpusFolder, haveShared, readOracle } from '../../corpus.ts';
import { sweep } from '../sweep.ts';

function versionInfoOf(bytes: Uint8Array): VersionInfo | undefined {
  const layout = readPeLayout(new ByteReader(bytes), bytes.length);
  return readVersionInfo(memorySource(bytes), layout);
}

const strings = {
  CompanyName: 'GlavSoft LLC (certsweep test)',
  ProductName: 'TightVNC ® (certsweep test)',
  OriginalFilename: 'tvnserver.exe',
  FileVersion: '2.8.11.0',
};
const image = tinyImage({ format: 'pe32', dll: false, version: strings }, 'version info');

describe('the version info of an image', () => {
  test.each(['pe32', 'pe32+'] as const)('has the strings that went into a %s', (format) => {
    const bytes = tinyImage({ format, dll: true, version: strings }, format);
    expect(versionInfoOf(bytes)).toEqual(strings);
  });

  test('is undefined without a resource table', () => {
    const bytes = tinyImage({ format: 'pe32', dll: false, version: null }, 'none');
    expect(versionInfoOf(bytes)).toBeUndefined();
  });

  test('is undefined where the resources hold no version', () => {
    expect(versionInfoOf(changed(image, typeEntry(image), 24))).toBeUndefined();
  });

  test('is cut at 1,024 UTF-16 units a string', () => {
    const version = { ...strings, CompanyName: 'x'.repeat(5000) };
    const bytes = tinyImage({ format: 'pe32', dll: false, version }, 'long');
    expect(versionInfoOf(bytes)?.CompanyName).toBe('x'.repeat(1024));
  });

  test('reads a few hundred bytes of a large file', () => {
    const layout = readPeLayout(new ByteReader(image), image.length);
    let bytesRead = 0;
    const source = memorySource(image);
    const read = (range: { offset: number; size: number }) => {
      bytesRead += range.size;
      return source.read(range);
    };
    expect(readVersionInfo({ size: image.length, read }, layout)).toEqual(strings);
    expect(bytesRead).toBeLessThan(1024);
  });

  test('gives a value or a ParseError for every cut and every flipped byte', () => {
    expect(sweep(image, versionInfoOf)).toBe(4 * image.length);
  });
});

describe('a malformed version resource', () => {
  const resources = NtExecutable.from(image).getAllSections().at(-1)?.info;
  const root = resources?.pointerToRawData ?? 0;
  const resource = Buffer.from(image).indexOf(Buffer.from('VS_VERSION_INFO', 'utf16le')) - 6;

  test.each([
    {
      name: 'more sections than Windows loads',
      bytes: changed(image, ntHeaders(image) + 6, 97),
      code: 'too-many',
    },
    {
      name: 'a directory that claims 65,535 entries',
      bytes: changed(image, root + 14, 0xffff),
      code: 'too-many',
    },
    {
      name: 'a directory that ends past its section',
      bytes: changed(image, root + 14, 0x3fff),
      code: 'bad-length',
    },
    {
      name: 'data where a directory belongs',
      bytes: changed(image, typeEntry(image) + 6, 0),
      code: 'bad-value',
    },
    {
      name: 'a block longer than the resource',
      bytes: changed(image, resource, 0xffff),
      code: 'bad-length',
    },
    {
      name: 'a block shorter than its head',
      bytes: changed(image, resource, 5),
      code: 'bad-length',
    },
  ])('stops at $name', ({ bytes, code }) => {
    expect(() => versionInfoOf(bytes)).toThrow(
      expect.objectContaining({ name: 'ParseError', code }),
    );
  });

  test('that leads to itself is walked three directories deep and no further', () => {
    const looping = Buffer.from(image);
    const entry = typeEntry(image);
    looping.writeUInt32LE(0x80000000, entry + 4); // back to the root, where no id 1 is
    expect(versionInfoOf(looping)).toBeUndefined();
  });
});

describe.skipIf(!haveShared())('the version info of the corpus', () => {
  test('is where pe-library finds it, and nowhere else', () => {
    const rows = readOracle().filter(({ kind }) => kind === 'pe32' || kind === 'pe32+');
    const compared = rows.map(({ file }) => compare(readFileSync(path.join(corpusFolder, file))));
    const counts = Object.fromEntries(
      [...new Set(compared)]
        .sort()
        .map((word) => [word, compared.filter((w) => w === word).length]),
    );
    console.log('version info against pe-library:', counts);
    expect(counts).toEqual({
      'same strings': 81,
      'both find none': 16,
      'pe-library fails': 12,
      // SizeOfOptionalHeader is 0 in glav-26: its section table is elsewhere, and pe-library does not care.
      'we say truncated, pe-library does not': 1,
      // YourPhone.exe: certificates stand where its header promises the resources.
      'we say bad-length, pe-library fails': 1,
    });
  });

  test('names GlavSoft in a real TightVNC', () => {
    const file = 'rmm/maxlinus_TightVNCHELPDESK/VNCServ.exe';
    expect(versionInfoOf(readFileSync(path.join(corpusFolder, file)))).toEqual({
      CompanyName: 'GlavSoft LLC.',
      ProductName: 'TightVNC',
      FileDescription: 'TightVNC Server',
      OriginalFilename: 'tvnserver.exe',
      InternalName: 'tvnserver',
      FileVersion: '2, 8, 27, 0',
      ProductVersion: '2, 8, 27, 0',
    });
  });
});

test('the fixtures have the version info that their notes name', () => {
  const folder = path.join(import.meta.dirname, '../../../fixtures/pe');
  const named = readdirSync(folder).filter((file) => {
    if (!/^(glavsoft-.*\.(exe|txt)|dual-signed\.exe)$/.test(file)) return false;
    return versionInfoOf(readFileSync(path.join(folder, file)))?.OriginalFilename !== undefined;
  });
  expect(named).toEqual([
    'dual-signed.exe',
    'glavsoft-malformed.exe',
    'glavsoft-renamed.txt',
    'glavsoft-sha1-pkcs9.exe',
    'glavsoft-sha256-rfc3161.exe',
    'glavsoft-tampered.exe',
    'glavsoft-truncated.exe',
  ]);
});

/** Our strings against the resource that pe-library finds: each must stand there behind its name. */
function compare(bytes: Uint8Array): string {
  const theirs = resourceByPeLibrary(bytes);
  let ours: VersionInfo | undefined;
  try {
    ours = versionInfoOf(bytes);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return `we say ${error.code}, pe-library ${theirs === null ? 'fails' : 'does not'}`;
  }
  if (theirs === null) return 'pe-library fails';
  if (ours === undefined) return theirs === undefined ? 'both find none' : 'only pe-library';
  if (theirs === undefined) return 'only we';
  const missing = Object.entries(ours).filter(([name, value]) => !holds(theirs, name, value));
  return missing.length === 0 ? 'same strings' : 'other strings';
}

function holds(resource: string, name: string, value: string): boolean {
  const [, ...behind] = resource.split(`${name}\0`);
  return behind.some((rest) => value === '' || rest.replace(/^\0*/, '').startsWith(`${value}\0`));
}

/** The text of the resource; undefined where there is none, null where pe-library cannot read the file. */
function resourceByPeLibrary(bytes: Uint8Array): string | undefined | null {
  try {
    const executable = NtExecutable.from(bytes, { ignoreCert: true });
    const { entries } = NtExecutableResource.from(executable, true);
    const all = entries.filter(({ type, id }) => type === 16 && id === 1);
    if (all.length === 0) return undefined;
    return all.map(({ bin }) => Buffer.from(bin).toString('utf16le')).join('\0');
  } catch {
    return null;
  }
}

function ntHeaders(bytes: Uint8Array): number {
  return Buffer.from(bytes).readUInt32LE(0x3c);
}

/** File offset of the first entry of the resource directory's first level. */
function typeEntry(bytes: Uint8Array): number {
  const section = NtExecutable.from(bytes).getAllSections().at(-1);
  return (section?.info.pointerToRawData ?? 0) + 16;
}

/** A copy with other 16 bits at `offset`. */
function changed(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(value, offset);
  return copy;
}
