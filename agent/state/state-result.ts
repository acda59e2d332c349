import { FINGERPRINT_LENGTH } from './fingerprint.ts';

/** What a batch means for the state. */
export interface StateResult {
  /** Files not opened: as the state has them. Their kinds are counted with those of the rest. */
  readonly unchanged: number;
  /** Those of them that have records. */
  readonly images: readonly KnownImage[];
  readonly read: ReadFiles;
  /** Why the state could not be read; undefined where it could. Files are then read as if there were none. */
  readonly failure?: Error | undefined;
}

/** A file with records that was not opened. */
export interface KnownImage {
  readonly path: string;
  /** As toStoredImage made it. */
  readonly content: string;
  readonly reportedMs: number;
  /** Digest of the rules that flagged it. */
  readonly rules: string;
}

/** Files that were read, in columns: half a million small objects would cost more than the reading. */
export interface ReadFiles {
  /** NUL-joined. */
  readonly paths: string;
  /** NUL-joined: a FileKind that is only counted, or one of the two below. */
  readonly kinds: string;
  /** NUMBERS_PER_FILE each: the fingerprint, when it is read again in any case (Unix time in seconds), and the judge. */
  readonly numbers: Float64Array;
}

export const NUMBERS_PER_FILE = FINGERPRINT_LENGTH + 2;

/** The kinds of a file that has records: the second was read under another of its names. */
export const IMAGE_KIND = 'image';
export const FURTHER_NAME_KIND = 'image, further name';

export function isImageKind(kind: unknown): boolean {
  return kind === IMAGE_KIND || kind === FURTHER_NAME_KIND;
}

export function mergeStateResults(
  first: StateResult | undefined,
  second: StateResult | undefined,
): StateResult | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    unchanged: first.unchanged + second.unchanged,
    images: [...first.images, ...second.images],
    read: mergeReadFiles(first.read, second.read),
    failure: first.failure ?? second.failure,
  };
}

function mergeReadFiles(first: ReadFiles, second: ReadFiles): ReadFiles {
  if (first.paths === '' || second.paths === '') return first.paths === '' ? second : first;
  return {
    paths: `${first.paths}\0${second.paths}`,
    kinds: `${first.kinds}\0${second.kinds}`,
    numbers: Float64Array.from([...first.numbers, ...second.numbers]),
  };
}
