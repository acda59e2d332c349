import { fstatSync, type Stats } from 'node:fs';
import { digestAlgorithmsOf } from '../../parsers/authenticode/read-signatures.ts';
import type {
  DigestAlgorithm,
  SignatureReport,
} from '../../parsers/authenticode/signature-report.ts';
import type { SignedFile } from '../../parsers/authenticode/signed-file.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { searchCatalogs } from '../catalogs/catalog-search.ts';
import { descriptorSource } from './descriptor-source.ts';
import { FileChangedError, ScanStoppedError } from './file-error.ts';
import {
  factsOf,
  malformedFinding,
  malformedProblem,
  type OpenFile,
  tooLarge,
} from './file-facts.ts';
import type { FileKind, FileOutcome } from './file-outcome.ts';
import { hashFile } from './hash-file.ts';
import type { InspectOptions } from './inspect-image.ts';
import type { KindReader } from './signed-kinds.ts';

/**
 * Reads an open file of a kind that can be signed, other than PE. A file that carries a signature, or something in its place,
 * has a record, and one that a catalog lists; another unsigned one where its kind asks for that, else it is counted. What
 * proves to be of another kind is counted as `sniffed`.
 */
export function inspectSignedFile(
  file: OpenFile,
  sniffed: FileKind,
  reader: KindReader,
  options: InspectOptions,
): FileOutcome {
  const stats = fstatSync(file.descriptor);
  const source = stoppable(descriptorSource(file.descriptor, stats.size), options.stopped);
  const signed = attempt(() => reader.read(source, file.path));
  if (signed === undefined) return { kind: 'other', fileKind: sniffed };
  const isUnsigned = !(signed instanceof ParseError) && isPlain(signed);
  const recordsUnsigned = reader.recordsUnsigned || options.unsignedToo === true;
  if (isUnsigned && !recordsUnsigned && options.catalogs === undefined)
    return { kind: 'other', fileKind: reader.fileKind };
  if (stats.size > options.maxFileSize) return tooLarge(file.path, stats.size, options.maxFileSize);

  const outcome = isUnsigned
    ? inspectUnsigned(file, stats, { fileKind: reader.fileKind, recordsUnsigned }, options)
    : inspectSignatures(file, stats, reader, signed, options);
  const after = fstatSync(file.descriptor);
  if (after.size !== stats.size || after.mtimeMs !== stats.mtimeMs)
    throw new FileChangedError('size or modification time changed while the file was read');
  return outcome;
}

function isPlain({ signatures, problems }: SignedFile): boolean {
  return signatures.length === 0 && problems.length === 0;
}

/** Catalogs list these kinds by the digest of the whole file. */
function inspectUnsigned(
  file: OpenFile,
  stats: Stats,
  { fileKind, recordsUnsigned }: Pick<KindReader, 'fileKind' | 'recordsUnsigned'>,
  { stopped, catalogs }: InspectOptions,
): FileOutcome {
  const digests = hashWhole(file, stats, stopped);
  const { sha1, sha256 } = digests;
  const searched = searchCatalogs(
    catalogs,
    new Map([
      ['sha1', sha1],
      ['sha256', sha256],
    ] as const),
  );
  if (searched.catalog !== 'found' && !recordsUnsigned) return { kind: 'other', fileKind };
  const facts = factsOf(file, stats, fileKind, digests);
  const nothing = { versionInfo: undefined, malformed: [] };
  return { kind: 'image', image: { ...facts, ...nothing, ...searched }, problems: [] };
}

function inspectSignatures(
  file: OpenFile,
  stats: Stats,
  { fileKind }: KindReader,
  signed: SignedFile | ParseError,
  { stopped, context }: InspectOptions,
): FileOutcome {
  const facts = factsOf(file, stats, fileKind, hashWhole(file, stats, stopped));
  const { reports, problems } =
    signed instanceof ParseError ? { reports: [], problems: [signed] } : verify(signed, context);
  const malformed =
    reports.length > 0
      ? []
      : problems.map((error) => malformedFinding('TRUST_E_NOSIGNATURE', error));
  const found = { signatures: reports, malformed, catalog: 'not-searched' } as const;
  return {
    kind: 'image',
    image: { ...facts, versionInfo: undefined, ...found },
    problems: problems.map((error) => malformedProblem(file.path, error)),
  };
}

/** A file that breaks off while it is digested keeps its signatures: they then have the wrong digest. */
function verify(
  signed: SignedFile,
  context: VerificationContext,
): { reports: SignatureReport[]; problems: ParseError[] } {
  const problems = [...signed.problems];
  const digests = new Map<DigestAlgorithm, string>();
  for (const algorithm of digestAlgorithmsOf(signed.signatures)) {
    const digest = attempt(() => signed.digest(algorithm));
    if (digest instanceof ParseError) problems.push(digest);
    digests.set(algorithm, digest instanceof ParseError ? '' : digest);
  }
  const reports = signed.signatures.map((signature, index) =>
    verifySignature(signature, index, digests, context),
  );
  return { reports, problems };
}

function hashWhole({ descriptor }: OpenFile, { size }: Stats, stopped: () => boolean) {
  return hashFile(descriptor, { size, imageRanges: [], imageAlgorithms: [] }, stopped);
}

/** What `parse` gives, or the ParseError that it throws. */
function attempt<Value>(parse: () => Value): Value | ParseError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

/** A package of gigabytes is read for seconds: the end of the scan must not wait for it. */
function stoppable({ size, read }: FileSource, stopped: () => boolean): FileSource {
  return {
    size,
    read(range) {
      if (stopped()) throw new ScanStoppedError('stopped while a file was read');
      return read(range);
    },
  };
}
