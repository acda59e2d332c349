import { fstatSync, type Stats } from 'node:fs';
import { digestAlgorithmsOf } from '../../parsers/authenticode/read-signatures.ts';
import type { DigestAlgorithm } from '../../parsers/authenticode/signature-report.ts';
import type { SignedFile } from '../../parsers/authenticode/signed-file.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import type { FileSource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
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
import type { InspectLimits } from './inspect-image.ts';
import type { KindReader } from './signed-kinds.ts';

/**
 * Reads an open file of a kind that can be signed, other than PE. A file that carries a signature, or something in its place,
 * has a record; an unsigned one where its kind asks for that, else it is counted. What proves to be of another kind is counted
 * as `sniffed`.
 */
export function inspectSignedFile(
  file: OpenFile,
  sniffed: FileKind,
  reader: KindReader,
  limits: InspectLimits,
): FileOutcome {
  const stats = fstatSync(file.descriptor);
  const source = stoppable(descriptorSource(file.descriptor, stats.size), limits.stopped);
  const signed = attempt(() => reader.read(source, file.path));
  if (signed === undefined) return { kind: 'other', fileKind: sniffed };
  if (isPlain(signed, reader)) return { kind: 'other', fileKind: reader.fileKind };
  if (stats.size > limits.maxFileSize) return tooLarge(file.path, stats.size, limits.maxFileSize);

  const outcome = toOutcome(file, stats, reader, signed, limits);
  const after = fstatSync(file.descriptor);
  if (after.size !== stats.size || after.mtimeMs !== stats.mtimeMs)
    throw new FileChangedError('size or modification time changed while the file was read');
  return outcome;
}

function toOutcome(
  file: OpenFile,
  stats: Stats,
  { fileKind }: KindReader,
  signed: SignedFile | ParseError,
  { stopped }: InspectLimits,
): FileOutcome {
  const request = { size: stats.size, imageRanges: [], imageAlgorithms: [] };
  const facts = factsOf(file, stats, fileKind, hashFile(file.descriptor, request, stopped));
  const { signatures: found, problems } =
    signed instanceof ParseError ? { signatures: [], problems: [signed] } : signed;
  const digests = new Map<DigestAlgorithm, string>();
  const unreadable: ParseError[] = [];
  if (!(signed instanceof ParseError))
    for (const algorithm of digestAlgorithmsOf(found)) {
      const digest = attempt(() => signed.digest(algorithm));
      if (digest instanceof ParseError) unreadable.push(digest);
      digests.set(algorithm, digest instanceof ParseError ? '' : digest); // matches no signature
    }
  const context = { now: new Date().toISOString(), anchors: undefined };
  const signatures = found.map((signature, index) =>
    verifySignature(signature, index, digests, context),
  );
  const malformed =
    signatures.length > 0
      ? []
      : problems.map((error) => malformedFinding('TRUST_E_NOSIGNATURE', error));
  return {
    kind: 'image',
    image: { ...facts, versionInfo: undefined, signatures, malformed },
    problems: [...problems, ...unreadable].map((error) => malformedProblem(file.path, error)),
  };
}

function isPlain(signed: SignedFile | ParseError, { recordsUnsigned }: KindReader): boolean {
  if (signed instanceof ParseError || recordsUnsigned) return false;
  return signed.signatures.length === 0 && signed.problems.length === 0;
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
