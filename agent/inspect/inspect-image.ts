import { fstatSync, type Stats } from 'node:fs';
import { digestAlgorithmsOf, readSignatures } from '../../parsers/authenticode/read-signatures.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { imageDigestRanges } from '../../parsers/pe/image-digest.ts';
import { type PeLayout, readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { verifyPageHashes } from '../../parsers/pe/verify-page-hashes.ts';
import { readVersionInfo, type VersionInfo } from '../../parsers/pe/version-info.ts';
import {
  CATALOG_ALGORITHMS,
  type CatalogSearch,
  searchCatalogs,
} from '../catalogs/catalog-search.ts';
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
import type { LastLinked } from './linked-files.ts';
import { readCertificates, readPeHeader } from './read-pe.ts';

/** What is the same for every file of a sweep. */
export interface InspectOptions {
  /** Bytes; a larger image is listed, not read. */
  readonly maxFileSize: number;
  /** Asked between reads: true ends the work on this file by ScanStoppedError. */
  readonly stopped: () => boolean;
  /** What verdicts depend on beside the file: roots, revocation lists, the time. */
  readonly context: VerificationContext;
  /** undefined where no catalogs are at hand. */
  readonly catalogs?: CatalogSearch | undefined;
  /** True where an unsigned file of a kind that a sweep only counts is wanted as well. */
  readonly unsignedToo?: boolean;
  /** What becomes of a file with several names: undefined reads it under each, `defer` leaves it for later. */
  readonly links?: 'defer' | LastLinked | undefined;
}

/**
 * Reads an open file that begins with MZ: `mz` where no PE header follows, else its digests and signatures. A PE file
 * always becomes an image, however broken its headers or signatures are: breaking a byte must not hide a file.
 */
export function inspectImage(file: OpenFile, options: InspectOptions): FileOutcome {
  const stats = fstatSync(file.descriptor);
  const header = readPeHeader(file.descriptor);
  if (header === undefined) return { kind: 'other', fileKind: 'mz' };
  if (stats.size > options.maxFileSize) return tooLarge(file.path, stats.size, options.maxFileSize);

  let layout: PeLayout | ParseError;
  try {
    layout = readPeLayout(header.window, stats.size, header.ntHeaders);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    layout = error;
  }
  const outcome =
    layout instanceof ParseError
      ? inspectHeadless(file, stats, layout, options)
      : inspectSignatures(file, stats, layout, options);
  const after = fstatSync(file.descriptor);
  if (after.size !== stats.size || after.mtimeMs !== stats.mtimeMs)
    throw new FileChangedError('size or modification time changed while the file was read');
  return outcome;
}

function inspectSignatures(
  file: OpenFile,
  stats: Stats,
  layout: PeLayout,
  { stopped, context, catalogs }: InspectOptions,
): FileOutcome {
  const found = readSignatures(readCertificates(file.descriptor, layout));
  const isUnsigned = found.signatures.length === 0 && found.problems.length === 0;
  const imageAlgorithms =
    isUnsigned && catalogs ? CATALOG_ALGORITHMS : digestAlgorithmsOf(found.signatures);
  const request = { size: stats.size, imageRanges: imageDigestRanges(layout), imageAlgorithms };
  const digests = hashFile(file.descriptor, request, stopped);
  const source = descriptorSource(file.descriptor, stats.size);
  const own = found.signatures.map((signature, index) => {
    const pages = verifyPageHashes(source, layout, signature.pageHashes);
    return verifySignature(signature, index, digests.image, context, pages);
  });
  const searched = searchCatalogs(isUnsigned ? catalogs : undefined, digests.image);
  const signatures = isUnsigned ? searched.signatures : own;
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
      catalog: searched.catalog,
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
  { stopped }: InspectOptions,
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
      catalog: 'not-searched',
    },
    problems: [malformedProblem(file.path, error)],
  };
}
