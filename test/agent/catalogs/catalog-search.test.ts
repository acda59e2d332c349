import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCatalogIndex } from '../../../agent/catalogs/build-catalog-index.ts';
import { type CatalogIndex, catalogsWith } from '../../../agent/catalogs/catalog-index.ts';
import { CatalogSearch } from '../../../agent/catalogs/catalog-search.ts';
import { loadCatalogs } from '../../../agent/catalogs/load-catalogs.ts';
import { inspectFile } from '../../../agent/inspect/inspect-file.ts';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { readPeLayout } from '../../../parsers/pe/pe-layout.ts';
import { corpusFolder, haveShared } from '../../corpus.ts';
import { haveOsslsigncode, sign } from '../../osslsigncode.ts';
import { withoutRoots } from '../../parsers/read-corpus-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** The catalog of the corpus that lists the image of DXCore.dll. */
const CATALOG = 'signify/115fe8649854ad531fb7ecd1318fbee6b33c9cbd78f02ed582092a96d5eb5899.cat';
const DXCORE_IMAGE = '06fa542ca0a1626e11e99e79896c9eaa79b5cfc3f9ad0ac8b84d4b2e8c5a292c';
const OEM89_MEMBER = 'b1e795b69b4c2a901a8bc8e8b36e988c6c05d836';

describe.skipIf(!haveShared())('catalogs', () => {
  const folder = temporaryFolder();
  let index: CatalogIndex;

  beforeAll(() => {
    mkdirSync(path.join(folder, 'nested'));
    copy(CATALOG, 'nested/a.CAT');
    copy('signify/oem89.cat', 'b.cat');
    copy('signify/oem89.cat', 'c.cat');
    writeFileSync(path.join(folder, 'broken.cat'), '0\x03no');
    writeFileSync(path.join(folder, 'readme.txt'), 'not named like a catalog');
    const { problems, ...built } = buildCatalogIndex([folder]);
    index = built.index;
    expect(problems).toMatchObject([
      { path: path.join(folder, 'broken.cat'), reason: 'malformed', code: 'bad-length' },
    ]);
  });

  test.each([
    { name: 'one that a catalog lists by SHA-256', digest: DXCORE_IMAGE, found: ['a.CAT'] },
    {
      name: 'one that two catalogs list by SHA-1',
      digest: OEM89_MEMBER,
      found: ['b.cat', 'c.cat'],
    },
    {
      name: 'one that differs in the last digit',
      digest: `${OEM89_MEMBER.slice(0, -1)}7`,
      found: [],
    },
    { name: 'the greatest', digest: 'f'.repeat(64), found: [] },
    { name: 'the least', digest: '0'.repeat(40), found: [] },
  ])('are found by a digest: $name', ({ digest, found }) => {
    expect(catalogsWith(index, digest).map(({ path: file }) => path.basename(file))).toEqual(found);
  });

  test('sign a PE file that has no signature of its own', () => {
    const file = path.join(folder, 'DXCore.dll');
    writeFileSync(
      file,
      withoutSignature(readFileSync(path.join(corpusFolder, 'signify/DXCore.dll'))),
    );
    expect(inspect(file, index)).toMatchObject({
      kind: 'image',
      image: {
        catalog: 'found',
        malformed: [],
        signatures: [
          {
            index: 0,
            status: 'NotJudged',
            signer: { name: 'Microsoft Windows' },
            computedDigest: expect.stringMatching(/^e8d77aac|^06fa542c/),
            findings: [{ code: 'CATALOG', level: 'info' }],
          },
        ],
      },
    });
  });

  test('are not asked for a file that has a signature of its own', () => {
    const file = path.join(corpusFolder, 'signify/DXCore.dll');
    expect(inspect(file, index)).toMatchObject({ image: { catalog: 'not-searched' } });
  });

  test('that do not list an unsigned file make it certain that it is unsigned', () => {
    const file = path.join(corpusFolder, 'authenticode-rs/tiny32.efi');
    expect(inspect(file, index)).toMatchObject({ image: { catalog: 'not-found', signatures: [] } });
    expect(inspect(file, undefined)).toMatchObject({ image: { catalog: 'not-searched' } });
  });

  test('that were replaced since they were indexed sign nothing', () => {
    const file = path.join(folder, 'changed.cat');
    copyFileSync(path.join(corpusFolder, CATALOG), file);
    const changed = buildCatalogIndex([folder]).index;
    const digests = new Map([['sha1', OEM89_MEMBER]] as const);
    expect(new CatalogSearch(changed, withoutRoots).find(digests)?.signer?.name).toBe(
      'Microsoft Windows Hardware Compatibility Publisher',
    );
    writeFileSync(path.join(folder, 'b.cat'), readFileSync(file));
    writeFileSync(path.join(folder, 'c.cat'), readFileSync(file));
    expect(new CatalogSearch(changed, withoutRoots).find(digests)).toBeUndefined();
  });

  test('in a folder that does not exist are an error', () => {
    expect(() => loadCatalogs([path.join(folder, 'absent')])).toThrow(
      expect.objectContaining({ name: 'CommandError' }),
    );
  });

  describe.skipIf(!haveOsslsigncode())('signed by osslsigncode', () => {
    test.each([
      { file: 'unsigned.msi', kind: 'msi' },
      { file: 'unsigned.mof', kind: 'script' },
      { file: 'unsigned.psc1', kind: 'script' },
      { file: 'unsigned.js', kind: 'script' },
    ])('sign $file, which they list by its plain digest', ({ file, kind }) => {
      const signed = path.join(folder, `${kind}-${file}-signed`);
      mkdirSync(signed);
      sign(path.join(corpusFolder, 'osslsigncode/files/unsigned.cat'), path.join(signed, 'x.cat'));
      const catalogs = buildCatalogIndex([signed]).index;
      const listed = path.join(corpusFolder, 'osslsigncode/files', file);
      expect(inspect(listed, catalogs)).toMatchObject({
        image: {
          fileKind: kind,
          catalog: 'found',
          signatures: [{ signer: { name: 'Example Software GmbH (certsweep test)' } }],
        },
      });
    });
  });

  function copy(from: string, to: string): void {
    copyFileSync(path.join(corpusFolder, from), path.join(folder, to));
  }
});

function inspect(file: string, index: CatalogIndex | undefined) {
  const catalogs = index && new CatalogSearch(index, withoutRoots);
  return inspectFile(file, {
    maxFileSize: 2 ** 32,
    stopped: () => false,
    context: withoutRoots,
    catalogs,
  });
}

/** The image as it was before it was signed. */
function withoutSignature(bytes: Buffer): Uint8Array {
  const { securityDirectoryOffset, certificateTable } = readPeLayout(
    new ByteReader(bytes),
    bytes.length,
  );
  if (securityDirectoryOffset === null || certificateTable === null) throw new Error('unsigned');
  bytes.fill(0, securityDirectoryOffset, securityDirectoryOffset + 8);
  return bytes.subarray(0, certificateTable.offset);
}
