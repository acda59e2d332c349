import { fstatSync, type Stats } from 'node:fs';
import { digestAlgorithmsOf, readSignatures } from '../../parsers/authenticode/read-signatures.ts';
import type { Finding } from '../../parsers/authenticode/signature-report.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { imageDigestRanges } from '../../parsers/pe/image-digest.ts';
import { type PeLayout, readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { readVersionInfo, type VersionInfo } from '../../parsers/pe/version-info.ts';
import { descriptorSource } from './descriptor-source.ts';
import { FileChangedError } from './file-error.ts';
import type { FileOutcome, Image, Problem } from './file-outcome.ts';
import { type FileDigests, hashFile } from './hash-file.ts';
import { readCertificates, readPeHeader } from './read-pe.ts';

export interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
}

export interface InspectLimits {
  /** Bytes; a larger image is listed, not read. */
  readonly maxFileSize: number;
  /** Asked between reads: true ends the work on this file by ScanStoppedError. */
  readonly stopped: () => boolean;
}

/**
 * Reads an open file that begins with MZ: `mz` where no PE header follows, else its digests and signatures. A PE file
 * always becomes an image, however broken its headers or signatures are: breaking a byte must not hide a file.
 */
export function inspectImage(file: OpenFile, limits: InspectLimits): FileOutcome {
  const stats = fstatSync(file.descriptor);
  const header = readPeHeader(file.descriptor);
  if (header === undefined) return { kind: 'other', fileKind: 'mz' };
  if (stats.size > limits.maxFileSize) return tooLarge(file.path, stats.size, limits.maxFileSize);

  let layout: PeLayout | ParseError;
  try {
    layout = readPeLayout(header.window, stats.size, header.ntHeaders);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    layout = error;
  }
  const outcome =
    layout instanceof ParseError
      ? inspectHeadless(file, stats, layout, limits)
      : inspectSignatures(file, stats, layout, limits);
  const after = fstatSync(file.descriptor);
  if (after.size !== stats.size || after.mtimeMs !== stats.mtimeMs)
    throw new FileChangedError('size or modification time changed while the file was read');
  return outcome;
}

function inspectSignatures(
  file: OpenFile,
  stats: Stats,
  layout: PeLayout,
  { stopped }: InspectLimits,
): FileOutcome {
  const found = readSignatures(readCertificates(file.descriptor, layout));
  const request = {
    size: stats.size,
    imageRanges: imageDigestRanges(layout),
    imageAlgorithms: digestAlgorithmsOf(found.signatures),
  };
  const digests = hashFile(file.descriptor, request, stopped);
  const context = { now: new Date().toISOString(), anchors: undefined };
  const signatures = found.signatures.map((signature, index) =>
    verifySignature(signature, index, digests.image, context),
  );
  const version = versionInfo(file, stats, layout);
  // CryptQueryObject finds no signature it can read, so WinVerifyTrust says that there is none.
  const malformed =
    signatures.length > 0
      ? []
      : found.problems.map((error) => finding('TRUST_E_NOSIGNATURE', error));
  return {
    kind: 'image',
    image: { ...facts(file, stats, digests), versionInfo: version.info, signatures, malformed },
    problems: [...found.problems, ...version.problems].map((error) =>
      malformedProblem(file.path, error),
    ),
  };
}

/** A bad resource section costs the version info and nothing else. */
function versionInfo(
  { descriptor }: OpenFile,
  { size }: Stats,
  layout: PeLayout,
): { info: VersionInfo | undefined; problems: readonly ParseError[] } {
  try {
    return { info: readVersionInfo(descriptorSource(descriptor, size), layout), problems: [] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { info: undefined, problems: [error] };
  }
}

/** PE by its signature, but its optional header is cut off or of no known kind: to Windows no PE either. */
function inspectHeadless(
  file: OpenFile,
  stats: Stats,
  error: ParseError,
  { stopped }: InspectLimits,
): FileOutcome {
  const request = { size: stats.size, imageRanges: [], imageAlgorithms: [] };
  const digests = hashFile(file.descriptor, request, stopped);
  const malformed = [finding('TRUST_E_SUBJECT_FORM_UNKNOWN', error)];
  return {
    kind: 'image',
    image: { ...facts(file, stats, digests), versionInfo: undefined, signatures: [], malformed },
    problems: [malformedProblem(file.path, error)],
  };
}

function facts(
  { path }: OpenFile,
  { size, birthtimeMs, mtimeMs }: Stats,
  { sha1, sha256 }: FileDigests,
): Omit<Image, 'versionInfo' | 'signatures' | 'malformed'> {
  const times = { createdMs: birthtimeMs, modifiedMs: mtimeMs, readMs: Date.now() };
  return { path, size, sha1, sha256, ...times };
}

function finding(code: string, error: ParseError): Finding {
  const detail = `${error.code} at byte ${error.offset}: ${error.message}`;
  return { code, level: 'error', detail };
}

function malformedProblem(path: string, { code, offset, message }: ParseError): Problem {
  return { path, reason: 'malformed', code, offset, detail: message };
}

function tooLarge(path: string, size: number, limit: number): FileOutcome {
  const detail = `${size} bytes, limit ${limit}`;
  return {
    kind: 'problem',
    problem: { path, reason: 'too-large', code: null, offset: null, detail },
  };
}
