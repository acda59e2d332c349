import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ByteReader } from '../../parsers/bytes/byte-reader.ts';
import { readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { readWinCertificates } from '../../parsers/pe/win-certificate.ts';
import { scriptStyleOf } from '../../parsers/script/script-style.ts';
import { type KeyPlan, registryHive } from '../fixtures/registry-hive.ts';

/** How an input is to be read; `pkcs7` is a signature without a file around it. */
export type InputKind = 'pe' | 'msi' | 'cab' | 'catalog' | 'appx' | 'script' | 'hive' | 'pkcs7';

/** A well-formed file that is to be damaged. */
export interface FuzzInput {
  readonly name: string;
  readonly kind: InputKind;
  readonly bytes: Uint8Array;
}

export const fixturesFolder = path.join(import.meta.dirname, '../../fixtures');

const fixtures = [
  'dual-signed.exe',
  'glavsoft-sha1-pkcs9.exe',
  'glavsoft-sha256-rfc3161.exe',
  'two-certificates.dll',
  'signed-pe32plus.dll',
  'padded-signature.exe',
  'bmp-name.dll',
];

const corpus: readonly (readonly [InputKind, string])[] = [
  ['pe', 'authenticode-rs/tiny32.signed.efi'],
  ['pe', 'uthenticode/32/pegoat-authenticode_duplicated.exe'],
  ['pe', 'rmm/msi-extracted/tightvnc-2.7.10-setup-32bit/sas.dll'],
  ['pe', 'signify/kdbazis.dll'],
  ['msi', 'jsign/minimal-signed-with-signtool.msi'],
  ['msi', 'format-ripper/msi/2dac4b.msi'],
  ['appx', 'jsign/minimal-signed-by-signtool.msix'],
  ['script', 'openauthenticode/expired-no-timestamp.ps1'],
  ['catalog', 'go-pe/ntexe.cat'],
  ['catalog', 'signify/oem89.cat'],
];

/**
 * Twenty signed files of every kind, small ones, and a registry hive; eleven where the corpus is not at hand. Signed cabinets
 * and scripts are made here, around the signature of a fixture: their digests do not match, which changes nothing for a parser.
 */
export function readInputs(corpusFolder: string): FuzzInput[] {
  const images = fixtures.map((name) => ({
    name,
    kind: 'pe' as const,
    bytes: readFileSync(path.join(fixturesFolder, 'pe', name)),
  }));
  const pkcs7 = pkcs7Of(readFileSync(path.join(fixturesFolder, 'pe', 'glavsoft-sha1-pkcs9.exe')));
  const made: FuzzInput[] = [
    { name: 'made.cab', kind: 'cab', bytes: signedCab(pkcs7) },
    { name: 'made.ps1', kind: 'script', bytes: signedScript(pkcs7, 'made.ps1') },
    { name: 'made.vbs', kind: 'script', bytes: signedScript(pkcs7, 'made.vbs') },
    { name: 'made.hive', kind: 'hive', bytes: registryHive(hivePlan) },
  ];
  const real = corpus
    .filter(([, name]) => existsSync(path.join(corpusFolder, name)))
    .map(([kind, name]) => ({ name, kind, bytes: readFileSync(path.join(corpusFolder, name)) }));
  return [...images, ...made, ...real];
}

/** The first signature of each PE file, for damage to what is inside it. */
export function pkcs7Inputs(inputs: readonly FuzzInput[]): FuzzInput[] {
  return inputs.flatMap(({ name, kind, bytes }): FuzzInput[] => {
    if (kind === 'catalog') return [{ name, kind, bytes }];
    if (kind !== 'pe') return [];
    return [{ name: `${name}, its PKCS#7`, kind: 'pkcs7', bytes: pkcs7Of(bytes) }];
  });
}

function pkcs7Of(bytes: Uint8Array): Uint8Array {
  const file = new ByteReader(bytes);
  const { certificateTable } = readPeLayout(file, bytes.length);
  const [first] =
    certificateTable === null ? [] : readWinCertificates(file, certificateTable).certificates;
  if (first === undefined) throw new Error('an input without a signature');
  return first.content;
}

/** Every kind of list and of value; one of them in segments. */
const hivePlan: KeyPlan = {
  values: { '': 'text', Number: 7, Texts: ['a', 'b'], Large: Buffer.alloc(17_000, 1) },
  keys: {
    Split: { list: 'ri', keys: { a: {}, b: {}, c: { values: { '': 'deep' } } } },
    Fast: { list: 'lf', keys: { a: {}, Ω: {} } },
    Index: { list: 'li', keys: { a: { keys: { b: { values: { '': 'deeper' } } } } } },
  },
};

/** CFHEADER with a reserved area that says where the signature is, and nothing in the cabinet. */
function signedCab(pkcs7: Uint8Array): Uint8Array {
  const header = Buffer.alloc(60);
  header.write('MSCF', 'latin1');
  header.writeUInt32LE(header.length, 8); // cbCabinet
  header.writeUInt16LE(0x0103, 24); // version 1.3
  header.writeUInt16LE(0x0004, 30); // cfhdrRESERVE_PRESENT
  header.writeUInt16LE(20, 36); // cbCFHeader
  header.writeUInt32LE(0x00100000, 40);
  header.writeUInt32LE(header.length, 44);
  header.writeUInt32LE(pkcs7.length, 48);
  return Buffer.concat([header, pkcs7]);
}

function signedScript(pkcs7: Uint8Array, name: string): Uint8Array {
  const style = scriptStyleOf(name);
  if (style === undefined) throw new Error(`${name} is no script`);
  const base64 = Buffer.from(pkcs7).toString('base64');
  const lines = (base64.match(/.{1,64}/g) ?? []).map((line) => style.prefix + line + style.suffix);
  return Buffer.from(['1', style.firstLine, ...lines, style.lastLine, ''].join('\r\n'));
}
