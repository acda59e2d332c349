import { lstatSync, type Stats } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { FileKind, FileOutcome } from '../inspect/file-outcome.ts';
import { fsPath } from '../walk/disk-path.ts';
import { isRacy, pushFingerprint, rereadDue, splitPath, toKey } from './fingerprint.ts';
import { FirstFailure } from './first-failure.ts';
import { FolderRows, isSameFile } from './folder-rows.ts';
import { type Judges, judgeOfImage, judgeOfKind } from './judges.ts';
import {
  FURTHER_NAME_KIND,
  IMAGE_KIND,
  isImageKind,
  type KnownImage,
  type ReadFiles,
  type StateResult,
} from './state-result.ts';

/** What a worker needs of the state. */
export interface KnownFilesSettings {
  /** The database. Other threads read it while the main thread writes. */
  readonly file: string;
  readonly judges: Judges;
  /** Milliseconds to add to the clock: tests live in the future. */
  readonly clockOffsetMs: number;
}

/** A file that need not be opened. */
export type Known =
  | { readonly kind: 'other'; readonly fileKind: FileKind }
  | {
      readonly kind: 'image';
      readonly image: KnownImage;
      /** It was read under another of its names. */
      readonly isFurtherName: boolean;
    };

/** One worker's view of the state: which files need not be opened, and what is to be remembered of those that were. */
export class KnownFiles {
  readonly #db: DatabaseSync;
  readonly #rows: FolderRows;
  readonly #image: StatementSync;
  readonly #settings: KnownFilesSettings;
  readonly #accepted: ReadonlySet<unknown>;
  /** Of the file that find() was asked for last. */
  #stats: Stats | undefined;
  #startMs = 0;
  #batch = emptyBatch();
  readonly #failure = new FirstFailure();

  constructor(settings: KnownFilesSettings) {
    this.#settings = settings;
    this.#accepted = new Set(Object.values(settings.judges));
    this.#db = new DatabaseSync(settings.file, { readOnly: true, timeout: 5_000 });
    this.#rows = new FolderRows(this.#db);
    this.#image = this.#db.prepare(
      'SELECT content, checksum, reportedMs, rules FROM image WHERE folder = ? AND name = ?',
    );
  }

  /** One read transaction for a batch: to begin one costs as much as to look up a file. */
  beginBatch(): void {
    this.#batch = emptyBatch();
    this.#rows.reset();
    this.#failure.attempt(() => this.#db.exec('BEGIN'));
  }

  /** What is known of `path` where it is as it was when it was read; undefined where it has to be read. */
  find(path: string): Known | undefined {
    this.#startMs = Date.now() + this.#settings.clockOffsetMs;
    this.#stats = statOf(path);
    const stats = this.#stats;
    if (stats === undefined) return undefined;
    const known = this.#failure.attempt(() => this.#lookUp(path, stats));
    if (known !== undefined) this.#batch.unchanged += 1;
    if (known?.kind === 'image') this.#batch.images.push(known.image);
    return known;
  }

  /**
   * To be called with what the file came to that find() did not know. What was not read to an end is not remembered, so it
   * is tried again. The fingerprint is older than the reading: what is written in between shows at the next sweep.
   */
  remember(path: string, outcome: FileOutcome): void {
    const stats = this.#stats;
    if (stats === undefined || (outcome.kind !== 'image' && outcome.kind !== 'other')) return;
    const { judges } = this.#settings;
    const isImage = outcome.kind === 'image';
    const judge = isImage
      ? judgeOfImage(judges, outcome.image)
      : judgeOfKind(judges, outcome.fileKind);
    let due = isRacy(stats, this.#startMs) ? 0 : rereadDue(this.#startMs, path);
    if (isImage) due = Math.min(due, nextExpiry(outcome.image.signatures, this.#startMs));
    this.#batch.paths.push(path);
    this.#batch.kinds.push(isImage ? imageKind(outcome) : outcome.fileKind);
    pushFingerprint(stats, this.#batch.numbers);
    this.#batch.numbers.push(due, judge);
  }

  endBatch(): StateResult {
    this.#failure.attempt(() => this.#db.exec('COMMIT'));
    const { unchanged, images, paths, kinds, numbers } = this.#batch;
    const read: ReadFiles = {
      paths: paths.join('\0'),
      kinds: kinds.join('\0'),
      numbers: Float64Array.from(numbers),
    };
    return { unchanged, images, read, failure: this.#failure.error };
  }

  close(): void {
    this.#db.close();
  }

  #lookUp(path: string, stats: Stats): Known | undefined {
    const { folder, name } = splitPath(path);
    const row = this.#rows.find(folder, name);
    if (row === undefined || !isSameFile(row, stats)) return undefined;
    const { kind } = row;
    if (!this.#accepted.has(row.judge) || row.due * 1000 <= this.#startMs) return undefined;
    if (!isImageKind(kind)) return { kind: 'other', fileKind: kind as FileKind };
    const stored = this.#image.get(row.folder, toKey(name));
    const content = String(stored?.content);
    if (stored === undefined || crc32(content) !== stored.checksum) return undefined;
    const { reportedMs, rules } = stored;
    return {
      kind: 'image',
      isFurtherName: kind === FURTHER_NAME_KIND,
      image: { path, content, reportedMs: Number(reportedMs), rules: String(rules) },
    };
  }
}

function imageKind({ isFurtherName }: Extract<FileOutcome, { kind: 'image' }>): string {
  return isFurtherName ? FURTHER_NAME_KIND : IMAGE_KIND;
}

function emptyBatch() {
  return {
    unchanged: 0,
    images: [] as KnownImage[],
    paths: [] as string[],
    kinds: [] as string[],
    numbers: [] as number[],
  };
}

/** Of a regular file. Whatever is wrong with another, the reading will say. */
function statOf(path: string): Stats | undefined {
  try {
    const stats = lstatSync(fsPath(path), { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}

/**
 * The second at which the first signing certificate expires whose signature no countersignature carries beyond that: the
 * verdict may then be another.
 */
function nextExpiry(
  signatures: Extract<FileOutcome, { kind: 'image' }>['image']['signatures'],
  nowMs: number,
): number {
  const ends = signatures
    .filter(({ counterSignatures }) => counterSignatures.length === 0)
    .map(({ signer }) => Date.parse(signer?.notAfter ?? ''))
    .filter((end) => end > nowMs);
  return Math.floor(Math.min(...ends) / 1000);
}
