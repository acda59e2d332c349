import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readAppx } from '../../parsers/appx/read-appx.ts';
import {
  digestAlgorithmsOf,
  readPkcs7Signatures,
  readSignatures,
} from '../../parsers/authenticode/read-signatures.ts';
import type { SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import { imageDigestsOf, type SignedFile } from '../../parsers/authenticode/signed-file.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { ByteReader } from '../../parsers/bytes/byte-reader.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { readCab } from '../../parsers/cab/read-cab.ts';
import { readCatalogMembers } from '../../parsers/catalog/catalog-members.ts';
import { readCatalog } from '../../parsers/catalog/read-catalog.ts';
import { readMsi } from '../../parsers/msi/read-msi.ts';
import { imageDigestRanges } from '../../parsers/pe/image-digest.ts';
import { readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { readVersionInfo, type VersionInfo } from '../../parsers/pe/version-info.ts';
import { readWinCertificates } from '../../parsers/pe/win-certificate.ts';
import { parseFileCertificateRecord } from '../../parsers/record/parse-record.ts';
import { toRecords } from '../../parsers/record/to-record.ts';
import { openRegistryHive } from '../../parsers/registry/registry-hive.ts';
import type { RegistryKey } from '../../parsers/registry/registry-key.ts';
import { readScript } from '../../parsers/script/read-script.ts';
import { scriptStyleOf } from '../../parsers/script/script-style.ts';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { rootSet } from '../../parsers/x509/root-set.ts';
import { type Effort, excess, measureEffort } from './effort.ts';
import { type FuzzInput, fixturesFolder, type InputKind } from './inputs.ts';

/** What became of one damaged input. */
export interface Reading {
  readonly kind: 'value' | 'parse-error';
  readonly effort: Effort;
}

/**
 * Reads damaged bytes as an agent would, to the records that a collector must accept. Throws whatever is not a ParseError,
 * and an Error where the effort was out of proportion: both are faults of ours.
 */
export function readHostile({ kind, name }: FuzzInput, bytes: Uint8Array): Reading {
  let outcome: Reading['kind'] = 'value';
  const effort = measureEffort(bytes, (source) => {
    try {
      readers[kind](bytes, source, name);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      outcome = 'parse-error';
    }
  });
  const tooMuch = excess(effort, bytes.length);
  if (tooMuch !== undefined) throw new Error(`${tooMuch} for ${bytes.length} bytes`);
  return { kind: outcome, effort };
}

type Reader = (bytes: Uint8Array, source: FileSource, name: string) => void;

const readers: Readonly<Record<InputKind, Reader>> = {
  pe: readImage,
  msi: (_, source) => verifyAll(readMsi(source)),
  cab: (_, source) => verifyAll(readCab(source)),
  appx: (_, source) => verifyAll(readAppx(source)),
  catalog: (bytes) => {
    verifyAll(readCatalog(bytes));
    for (const digest of readCatalogMembers(bytes)) if (digest === '') throw new Error('no digest');
  },
  script: (bytes, _, name) => {
    const style = scriptStyleOf(name);
    if (style === undefined) throw new Error(`${name} is no script`);
    verifyAll(readScript(bytes, style));
  },
  hive: (_, source) => readKeys(openRegistryHive(source).root, 0),
  pkcs7: (bytes) => {
    const found = readPkcs7Signatures(bytes, 0);
    verifyAll({ ...found, digest: (algorithm) => hash(algorithm, '') });
  },
};

/** Keys may lead back to themselves: the hive ends that, not the depth. */
function readKeys(key: RegistryKey, depth: number): void {
  for (const name of ['', 'Number', 'Texts', 'Large']) key.value(name);
  if (depth < 64) for (const below of key.subkeys()) readKeys(below, depth + 1);
}

function readImage(bytes: Uint8Array, source: FileSource): void {
  const file = new ByteReader(bytes);
  const layout = readPeLayout(file, bytes.length);
  const range = layout.certificateTable;
  const table =
    range === null
      ? { certificates: [], problem: undefined, trailing: { offset: 0, size: 0 } }
      : readWinCertificates(new ByteReader(source.read(range), range.offset), range);
  const { signatures } = readSignatures(table);
  const digests = new Map(
    digestAlgorithmsOf(signatures).map((algorithm) => {
      const digest = createHash(algorithm);
      for (const piece of imageDigestRanges(layout)) digest.update(file.slice(piece));
      return [algorithm, digest.digest('hex')];
    }),
  );
  const reports = signatures.map((signature, index) =>
    verifySignature(signature, index, digests, context()),
  );
  checkRecords(reports, readVersionInfo(source, layout));
}

function verifyAll(file: SignedFile): void {
  const digests = imageDigestsOf(file);
  const reports = file.signatures.map((signature, index) =>
    verifySignature(signature, index, digests, context()),
  );
  checkRecords(reports, undefined);
}

/** What the parsers say must be a row that the collector takes. */
function checkRecords(
  reports: readonly SignatureReport[],
  versionInfo: VersionInfo | undefined,
): void {
  const file = {
    ...{ folderPath: '/', fileName: 'fuzz', fileKind: 'pe' as const, versionInfo },
    ...{ size: 1, sha1: 'a'.repeat(40), sha256: 'b'.repeat(64) },
    ...{ createdMs: 0, modifiedMs: 0, readMs: 0 },
  };
  const device = { deviceId: 'c'.repeat(40), deviceIdSource: 'option', deviceName: 'fuzz' };
  const sweep = {
    machineGroup: null,
    scanId: 'fuzz',
    agentVersion: '0.0.0',
    nextReportId: () => 1,
  };
  const records = toRecords(file, { reports, malformed: [] }, { ...device, ...sweep });
  for (const record of records) {
    const parsed = parseFileCertificateRecord(JSON.stringify(record), 1);
    if (parsed.kind === 'bad')
      throw new Error(`the record is refused: ${parsed.problems.map(({ message }) => message)}`);
  }
}

let made: VerificationContext | undefined;

/** The fixtures' own root judges: chains are built to their end. */
function context(): VerificationContext {
  if (made !== undefined) return made;
  const pem = readFileSync(path.join(fixturesFolder, 'ca', 'root.pem'), 'utf8');
  const base64 = pem.replace(/-----[^-]+-----/g, '');
  const roots = rootSet([new Certificate(Uint8Array.from(Buffer.from(base64, 'base64')))]);
  const anchors = { source: 'fixtures', codeSigning: roots, timeStamping: roots, judges: true };
  made = { now: '2026-01-01T00:00:00.000Z', anchors };
  return made;
}
