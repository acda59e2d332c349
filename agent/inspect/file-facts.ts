import type { Stats } from 'node:fs';
import type { Finding } from '../../parsers/authenticode/signature-report.ts';
import type { ParseError } from '../../parsers/bytes/parse-error.ts';
import type { SignedKind } from '../../parsers/record/to-record.ts';
import type { FileOutcome, Image, Problem } from './file-outcome.ts';
import type { FileDigests } from './hash-file.ts';

export interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
}

/** What every record of a file says, whatever its kind. */
export function factsOf(
  { path }: OpenFile,
  { size, birthtimeMs, mtimeMs }: Stats,
  fileKind: SignedKind,
  { sha1, sha256 }: FileDigests,
): Omit<Image, 'versionInfo' | 'signatures' | 'malformed' | 'catalog'> {
  const times = { createdMs: birthtimeMs, modifiedMs: mtimeMs, readMs: Date.now() };
  return { path, fileKind, size, sha1, sha256, ...times };
}

/** Why a file that should have a signature has none that can be read: for its record. */
export function malformedFinding(code: string, error: ParseError): Finding {
  const detail = `${error.code} at byte ${error.offset}: ${error.message}`;
  return { code, level: 'error', detail };
}

/** The same for `--errors`. */
export function malformedProblem(path: string, { code, offset, message }: ParseError): Problem {
  return { path, reason: 'malformed', code, offset, detail: message };
}

export function tooLarge(path: string, size: number, limit: number): FileOutcome {
  const detail = `${size} bytes, limit ${limit}`;
  return {
    kind: 'problem',
    problem: { path, reason: 'too-large', code: null, offset: null, detail },
  };
}
