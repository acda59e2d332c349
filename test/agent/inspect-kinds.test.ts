import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectFile } from '../../agent/inspect/inspect-file.ts';
import { corpusFolder, haveShared } from '../corpus.ts';
import { temporaryFolder } from './temporary-folder.ts';

const options = {
  maxFileSize: 2 ** 32,
  stopped: () => false,
  context: { now: '2026-11-24T00:00:00Z', anchors: undefined },
};
const signedScript = 'openauthenticode/expired-no-timestamp.ps1';

describe.skipIf(!haveShared())('inspectFile', () => {
  const folder = temporaryFolder();

  test.each([
    {
      file: 'rmm/valmont2k_opsi-tightvnc/tightvnc-2.8.11-gpl-setup-64bit.msi',
      kind: 'msi',
      signer: 'GlavSoft LLC',
      digest: 'sha1',
    },
    {
      file: 'signify/oem89.cat',
      kind: 'catalog',
      signer: 'Microsoft Windows Hardware Compatibility Publisher',
      digest: null,
    },
    {
      file: 'jsign/minimal-signed-by-signtool.msix',
      kind: 'appx',
      signer: 'Jsign Code Signing Test Certificate 2022 (RSA)',
      digest: 'sha256',
    },
    { file: signedScript, kind: 'script', signer: 'PowerShell', digest: 'sha256' },
  ])('reads the signature of the $kind $file', ({ file, kind, signer, digest }) => {
    const outcome = inspectFile(path.join(corpusFolder, file), options);
    expect(outcome).toMatchObject({
      kind: 'image',
      image: {
        fileKind: kind,
        signatures: [{ signer: { name: signer }, digestAlgorithm: digest }],
      },
      problems: [],
    });
  });

  test.each([
    { file: 'jsign/mscab/sample1.cab', kind: 'cab' },
    { file: 'jsign/minimal.msix', kind: 'appx' },
    { file: 'dotnet-sign/VsixPackage.vsix', kind: 'zip' },
    { file: 'jsign/hello-world.ps1', kind: 'script' },
    { file: 'jsign/hello-world.wsf', kind: 'script' },
  ])('only counts $file, which is unsigned, as $kind', ({ file, kind }) => {
    const outcome = inspectFile(path.join(corpusFolder, file), options);
    expect(outcome).toEqual({ kind: 'other', fileKind: kind });
  });

  test('gives an unsigned installer a record', () => {
    const file = path.join(corpusFolder, 'osslsigncode/files/unsigned.msi');
    expect(inspectFile(file, options)).toMatchObject({
      kind: 'image',
      image: { fileKind: 'msi', signatures: [], malformed: [] },
      problems: [],
    });
  });

  test('gives a cut-off installer a record, and its error a code and an offset', () => {
    const file = write(
      'cut.msi',
      readFileSync(path.join(corpusFolder, 'osslsigncode/files/unsigned.msi')).subarray(0, 600),
    );
    expect(inspectFile(file, options)).toMatchObject({
      kind: 'image',
      image: {
        fileKind: 'msi',
        signatures: [],
        malformed: [{ code: 'TRUST_E_NOSIGNATURE', level: 'error' }],
      },
      problems: [{ path: file, reason: 'malformed', code: 'bad-value', offset: 9216 }],
    });
  });

  test('keeps the signer of an installer whose streams cannot be read to the end', () => {
    const bytes = readFileSync(
      path.join(corpusFolder, 'rmm/valmont2k_opsi-tightvnc/tightvnc-2.8.11-gpl-setup-64bit.msi'),
    );
    bytes.fill(0xff, 512, 516); // what follows the first sector in the FAT
    const outcome = inspectFile(write('broken.msi', bytes), options);
    expect(outcome).toMatchObject({
      kind: 'image',
      image: { signatures: [{ signer: { name: 'GlavSoft LLC' } }] },
    });
  });

  test.each([
    { name: 'signed.txt', kind: 'other', why: 'Windows goes by the extension' },
    { name: 'signed.vbs', kind: 'script', why: 'another kind of script has another block' },
  ])('takes a signed PowerShell script named $name for unsigned: $why', ({ name, kind }) => {
    const file = write(name, readFileSync(path.join(corpusFolder, signedScript)));
    expect(inspectFile(file, options)).toEqual({ kind: 'other', fileKind: kind });
  });

  test('lists an installer above the size limit', () => {
    const file = path.join(corpusFolder, 'osslsigncode/files/unsigned.msi');
    expect(inspectFile(file, { ...options, maxFileSize: 1000 })).toMatchObject({
      kind: 'problem',
      problem: { reason: 'too-large' },
    });
  });

  function write(name: string, bytes: Uint8Array): string {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  }
});
