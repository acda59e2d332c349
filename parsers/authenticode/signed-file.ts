import type { ParseError } from '../bytes/parse-error.ts';
import type { AuthenticodeSignature } from './authenticode-signature.ts';
import { digestAlgorithmsOf } from './read-signatures.ts';
import type { DigestAlgorithm } from './signature-report.ts';

/** What the parser of any signed kind of file gives: its signatures, and how to digest the file as they do. */
export interface SignedFile {
  /** In order of SignatureIndex; empty where the file is unsigned. */
  readonly signatures: readonly AuthenticodeSignature[];
  /** Everything that could not be read. Offsets are file offsets. */
  readonly problems: readonly ParseError[];
  /** Lower-case hex, as SpcIndirectDataContent would hold it. Reads the file; throws ParseError where it cannot be right. */
  digest(algorithm: DigestAlgorithm): string;
}

/** The digests that verifying these signatures needs. Throws ParseError where the file's structure breaks off. */
export function imageDigestsOf(file: SignedFile): ReadonlyMap<DigestAlgorithm, string> {
  const algorithms = digestAlgorithmsOf(file.signatures);
  return new Map(algorithms.map((algorithm) => [algorithm, file.digest(algorithm)]));
}
