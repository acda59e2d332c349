import { expect, test } from 'vitest';
import { windowsRoots } from '../../../agent/trust/windows-roots.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { storeBlob } from '../../parsers/x509/store-blob-builder.ts';
import { issue } from '../../parsers/x509/test-authority.ts';
import { buildTrustList, usagesOf } from '../../parsers/x509/trust-list-builder.ts';

const STORES = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates';
const listed = issue('Listed', undefined, { authority: true }).certificate;
const planted = issue('Planted', undefined, { authority: true }).certificate;
const intermediate = issue('Intermediate', issue('Root'), { authority: true }).certificate;

const list = buildTrustList([
  { thumbprint: listed.facts.sha1, properties: { 9: usagesOf(OID.codeSigning) } },
]);

/** What `reg query KEY /s /v NAME` prints. Format from its documentation: it has not run on Windows here. */
function printed(key: string, name: string, values: readonly Uint8Array[]): string {
  const entries = values.map((value, index) => {
    const hex = Buffer.from(value).toString('hex').toUpperCase();
    return `\r\n${key}\\${index}\r\n    ${name}    REG_BINARY    ${hex}\r\n`;
  });
  return `${entries.join('')}\r\nEnd of search: ${values.length} match(es) found.\r\n`;
}

function registry(trustList: Uint8Array | undefined) {
  return async (key: string, name: string) => {
    if (key.endsWith('\\AutoUpdate'))
      return trustList ? printed(`${STORES}\\AuthRoot\\AutoUpdate`, name, [trustList]) : '';
    if (!key.endsWith('SystemCertificates\\ROOT\\Certificates')) return '';
    const blobs = [listed, planted, intermediate].map(({ encoded }) =>
      storeBlob([
        [3, new Uint8Array(20)],
        [32, encoded],
      ]),
    );
    return printed(key, name, [...blobs, storeBlob([[3, new Uint8Array(20)]])]);
  };
}

test('windowsRoots gives the roots of the registry, the limits of the list, and who is outside it', async () => {
  expect(await windowsRoots(registry(list))).toMatchObject({
    source: 'windows-store',
    date: '2026-04-22T10:00:00Z',
    judges: true,
    roots: [{ encoded: listed.encoded }, { encoded: planted.encoded }],
    restrictions: new Map([[listed.facts.sha1, { usages: ['code_signing'] }]]),
    outsideProgramme: new Set([planted.facts.sha1]),
  });
});

test('windowsRoots does not say who is outside a programme that it does not know', async () => {
  const source = await windowsRoots(registry(undefined));
  expect(source?.roots).toHaveLength(2);
  expect(source?.outsideProgramme).toBeUndefined();
  expect(source?.date).toBeNull();
});

test('windowsRoots is absent where no store can be read', async () => {
  expect(await windowsRoots(async () => '')).toBeUndefined();
});
