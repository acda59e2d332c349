import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { certificateOf } from '../../parsers/x509/certificate-cache.ts';
import { rootSet } from '../../parsers/x509/root-set.ts';
import { corpusFolder, haveShared } from '../corpus.ts';
import { haveOsslsigncode, sign, verifies } from '../osslsigncode.ts';
import { readSignedFile, verifyFile } from './read-signed-file.ts';

/** Unsigned corpus files, signed here with the test CA. */
const inputs: readonly {
  readonly kind: string;
  readonly file: string;
  readonly options?: readonly string[];
}[] = [
  { kind: 'cab', file: 'jsign/mscab/sample1.cab' },
  { kind: 'cab', file: 'relic/packages/dummy.cab', options: ['-h', 'sha1'] },
  { kind: 'cab', file: 'osslsigncode/files/unsigned.ex_', options: ['-h', 'sha512'] },
  { kind: 'ole/msi', file: 'osslsigncode/files/unsigned.msi' },
  { kind: 'ole/msi', file: 'osslsigncode/files/unsigned.msi', options: ['-add-msi-dse'] },
  { kind: 'cat', file: 'osslsigncode/files/unsigned.cat' },
  { kind: 'zip/appx', file: 'jsign/minimal.msix' },
  { kind: 'zip/appx', file: 'osslsigncode/files/unsigned.256appx' },
  { kind: 'zip/appx', file: 'osslsigncode/files/unsigned.512appx' },
  { kind: 'zip/appx', file: 'dotnet-sign/App1_1.0.0.0_x64.msixbundle' },
  { kind: 'script', file: 'jsign/hello-world.ps1' },
  { kind: 'script', file: 'jsign/hello-world.ps1xml' },
  { kind: 'script', file: 'relic/packages/hello.ps1xml' },
  { kind: 'script', file: 'osslsigncode/files/unsigned.psc1' },
  { kind: 'script', file: 'osslsigncode/files/unsigned.mof', options: ['-h', 'sha384'] },
];

/** Every changed byte that the two judge differently, and why we judge as we do. */
const explained: Readonly<Record<string, string>> = {
  'relic/packages/dummy.cab byte 740: ours true, osslsigncode false':
    'in SignedData.digestAlgorithms, which only helps one-pass readers (RFC 5652 §5.1): each SignerInfo names its own',
  'osslsigncode/files/unsigned.ex_ byte 2653: ours false, osslsigncode true':
    'in SignerInfo.signatureAlgorithm: unknown now, and the signature value cannot be checked by an unknown algorithm',
};

/** Copies of each file with one byte changed. */
const TAMPERED = 16;
/** Milliseconds: two processes a copy, on a machine that has other work. */
const TIMEOUT = 120_000;

describe.skipIf(!haveShared() || !haveOsslsigncode())('files signed by osslsigncode', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-kinds-'));
  const counts: Record<string, { agree: number; good: number; bad: number }> = {};
  let context: VerificationContext;

  beforeAll(() => {
    const pem = readFileSync(path.join(import.meta.dirname, '../../fixtures/ca/root.pem'));
    const roots = rootSet([certificateOf(new X509Certificate(pem).raw)]);
    const anchors = { source: 'test', codeSigning: roots, timeStamping: roots, judges: true };
    context = { now: '2026-11-24T00:00:00Z', anchors };
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
    console.log(`verdicts compared with osslsigncode by kind: ${JSON.stringify(counts)}`);
  });

  test.each(inputs)(
    '$kind $file $options, as signed and tampered with',
    ({ kind, file, options }) => {
      const name = `${(options ?? []).join('')}-${path.basename(file)}`;
      const signed = path.join(folder, `signed${name}`);
      sign(path.join(corpusFolder, file), signed, options);
      const bytes = readFileSync(signed);
      expect(verifies(signed)).toBe(true);
      expect(isTrusted(kind, signed, bytes)).toBe(true);

      const disagreements: string[] = [];
      const count = counts[kind] ?? { agree: 0, good: 0, bad: 0 };
      counts[kind] = count;
      for (let i = 0; i < TAMPERED; i++) {
        const at = Math.floor(((i + 0.5) * bytes.length) / TAMPERED);
        const tampered = Uint8Array.from(bytes);
        tampered[at] = (bytes[at] ?? 0) ^ 0x04;
        const copy = path.join(folder, `tampered${name}`);
        writeFileSync(copy, tampered);
        const theirs = verifies(copy);
        const ours = isTrusted(kind, copy, tampered);
        if (ours === theirs) count.agree++;
        else disagreements.push(`${file} byte ${at}: ours ${ours}, osslsigncode ${theirs}`);
        if (theirs) count.good++;
        else count.bad++;
      }
      expect(disagreements).toEqual(
        Object.keys(explained).filter((key) => key.startsWith(`${file} `)),
      );
    },
    TIMEOUT,
  );

  function isTrusted(kind: string, name: string, bytes: Uint8Array): boolean {
    try {
      const reports = verifyFile(readSignedFile(kind, name, bytes), context);
      return reports.length > 0 && reports.every(({ status }) => status === 'Trusted');
    } catch (error) {
      if (error instanceof ParseError) return false;
      throw error;
    }
  }
});
