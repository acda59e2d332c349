import { fstatSync, type Stats } from 'node:fs';
import { digestAlgorithmsOf, readSignatures } from '../../parsers/authenticode/read-signatures.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { imageDigestRanges } from '../../parsers/pe/image-digest.ts';
import { type PeLayout, readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { readVersionInfo, type VersionInfo } from '../../parsers/pe/version-info.ts';
import { descriptorSource } from './descriptor-source.ts';
import { FileChangedError } from './file-error.ts';
import {
  factsOf,
  malformedFinding,
  malformedProblem,
  type OpenFile,
  tooLarge,
} from './file-facts.ts';
import type { FileOutcome } from './file-outcome.ts';
import { hashFile } from './hash-file.ts';
import { readCertificates, readPeHeader } from './read-pe.ts';

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
      : found.problems.map((error) => malformedFinding('TRUST_E_NOSIGNATURE', error));
  return {
    kind: 'image',
    image: {
      ...factsOf(file, stats, 'pe', digests),
      versionInfo: version.info,
      signatures,
      malformed,
    },
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
  const malformed = [malformedFinding('TRUST_E_SUBJECT_FORM_UNKNOWN', error)];
  return {
    kind: 'image',
    image: {
      ...factsOf(file, stats, 'pe', digests),
      versionInfo: undefined,
      signatures: [],
      malformed,
    },
    problems: [malformedProblem(file.path, error)],
  };
}
