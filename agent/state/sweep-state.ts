import { randomInt } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { splitPath, toKey } from './fingerprint.ts';
import { FirstFailure } from './first-failure.ts';
import { GoneFiles, type GoneReport, isGone } from './gone-files.ts';
import { type FileKey, type ImageRow, ImageTable } from './image-table.ts';
import { isDamage, moveAside, openStateDatabase, stateFile } from './state-database.ts';
import { lockState, type StateLock } from './state-lock.ts';
import { isImageKind, NUMBERS_PER_FILE, type ReadFiles } from './state-result.ts';
import { parseStoredImage } from './stored-image.ts';
import { forgetVanished } from './vanished-files.ts';

/** A first ReportId: a state that was made anew must not give those of the old one again. */
const MAX_REPORT_ID_BASE = 2 ** 47;
/** Set aside for a sweep. What it does not use is lost where it is killed, and given back by any other. */
const REPORT_IDS_PER_SWEEP = 1_000_000_000;
/** Counter: when the sweep began that has not come to its end, in milliseconds. */
const UNFINISHED = 'unfinished';
/** Begins the name of a counter; the scope follows. */
const ENTRIES = 'entries of ';

/**
 * What the agent knows from earlier sweeps, in a folder that one process works with at a time. The main thread writes, the
 * workers read.
 *
 * What a sweep learns is one transaction up to each checkpoint, and a checkpoint comes after the records themselves are
 * safe: whatever is killed when, a file whose record could be lost is read again. An error of the database ends the use of
 * the state, not the sweep: `failure` then says why.
 */
export class SweepState {
  readonly file: string;
  /** What to tell a person about the opening; undefined where all was well. */
  readonly notice: string | undefined;
  readonly nowMs: () => number;
  readonly #db: DatabaseSync;
  readonly #lock: StateLock;
  readonly #images: ImageTable;
  readonly #gone: GoneFiles;
  readonly #putFile: StatementSync;
  readonly #getFolder: StatementSync;
  readonly #addFolder: StatementSync;
  #isOpen = true;
  #isWriting = false;
  readonly #failure = new FirstFailure();
  #lastFolder: string | undefined;
  #lastFolderId = 0;
  /** Folders with a higher id came in this sweep: nothing was known of their files. */
  #knownFolders = 0;
  #nextReportId = randomInt(MAX_REPORT_ID_BASE);
  #sweep = 0;

  private constructor(folder: string, lock: StateLock, nowMs: () => number) {
    const { db, notice } = openStateDatabase(folder, nowMs());
    this.file = stateFile(folder);
    this.nowMs = nowMs;
    this.#db = db;
    this.#lock = lock;
    this.#images = new ImageTable(db);
    this.#gone = new GoneFiles(db);
    this.#putFile = db.prepare('INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#getFolder = db.prepare('SELECT id FROM folder WHERE path = ?');
    this.#addFolder = db.prepare('INSERT INTO folder (path) VALUES (?)');
    this.notice = notice ?? this.#unfinishedSweep();
  }

  /** Throws CommandError where the folder is in use or cannot be used. `nowMs` is the clock. */
  static open(folder: string, nowMs: () => number = Date.now): SweepState {
    const lock = lockState(folder);
    try {
      return new SweepState(folder, lock, nowMs);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Why the state is no longer used; undefined while it is. */
  get failure(): Error | undefined {
    return this.#failure.error;
  }

  /** Numbers the sweep and sets its ReportIds aside, beyond a power cut: what was given is never given again. */
  beginSweep(): void {
    this.#failure.attempt(() => {
      this.#db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
      this.#isWriting = true;
      this.#sweep = this.#counter('sweep', 0) + 1;
      this.#nextReportId = this.#counter('nextReportId', this.#nextReportId);
      this.#setCounter('sweep', this.#sweep);
      this.#setCounter(UNFINISHED, this.nowMs());
      this.#setCounter('nextReportId', this.#nextReportId + REPORT_IDS_PER_SWEEP);
      this.commit();
      this.#db.exec('PRAGMA synchronous = NORMAL');
      const last = this.#db.prepare('SELECT max(id) AS id FROM folder').get();
      this.#knownFolders = Number(last?.id ?? 0);
    });
  }

  nextReportId(): number {
    return this.#nextReportId++;
  }

  /** Files that were read. Those with records come to putImage() as well. */
  remember({ paths, kinds, numbers }: ReadFiles): void {
    if (paths === '') return;
    const kindOf = kinds.split('\0');
    this.#write(() => {
      for (const [index, path] of paths.split('\0').entries()) {
        const key = this.#keyOf(path);
        const kind = kindOf[index] ?? '';
        const from = index * NUMBERS_PER_FILE;
        this.#putFile.run(...key, kind, ...numbers.subarray(from, from + NUMBERS_PER_FILE));
        if (!isImageKind(kind)) this.#dropImage(path, key);
      }
    });
  }

  /** What is known of a file with records, read or confirmed by this sweep. */
  putImage(path: string, image: Omit<ImageRow, 'sweep'>): void {
    this.#write(() => {
      const key = this.#keyOf(path);
      const before = key[0] > this.#knownFolders ? undefined : this.#images.get(key);
      if (before?.flagged && !image.flagged && sha1Of(before) !== sha1Of(image))
        this.#gone.add(path, before);
      this.#images.put(key, { ...image, sweep: this.#sweep });
    });
  }

  /** To be called once what was told of the files so far is safe. */
  commit(): void {
    if (!this.#isWriting) return;
    this.#failure.attempt(() => this.#db.exec('COMMIT'));
    this.#isWriting = false;
  }

  /**
   * After a sweep that came to its end. Returns the flagged files that are gone; undefined where the state failed. `seen`
   * is the number of files that it read or found unchanged.
   */
  endSweep(seen: number, isInScope: (file: string) => boolean): GoneReport | undefined {
    return this.#write(() => {
      for (const { path, key } of this.#images.flaggedBefore(this.#sweep))
        if (isInScope(path) && isGone(path)) this.#dropImage(path, key);
      forgetVanished(this.#db, seen, isInScope);
      return this.#gone.report();
    });
  }

  /** Once the sweep row is safe. `toldOfGone`: it has the report of endSweep(). */
  settle(toldOfGone: boolean): void {
    this.#write(() => {
      if (toldOfGone) this.#gone.clear();
      this.#setCounter('nextReportId', this.#nextReportId);
      this.#setCounter(UNFINISHED, 0);
    });
    this.commit();
  }

  /** Entries that the last whole sweep of this scope saw; undefined where the last one was of another scope, or there was none. */
  lastEntries(scope: string): number | undefined {
    return this.#failure.attempt(() => this.#counter(`${ENTRIES}${scope}`, 0)) || undefined;
  }

  /** Kept by the next settle(), in the place of those of any other scope. */
  noteEntries(scope: string, entries: number): void {
    this.#write(() => {
      this.#db.prepare('DELETE FROM counter WHERE name GLOB ?').run(`${ENTRIES}*`);
      this.#setCounter(`${ENTRIES}${scope}`, entries);
    });
  }

  /** What is not committed is left out. Returns what to tell a person where the state has failed. */
  close(): string | undefined {
    if (!this.#isOpen) return undefined;
    this.#isOpen = false;
    try {
      this.#db.close();
      const { error } = this.#failure;
      if (error === undefined) return undefined;
      if (!isDamage(error))
        return `the state could not be kept (${error.message}): the next sweep reads again what this one did`;
      const aside = moveAside(this.file, this.nowMs());
      return `the state was damaged (${error.message}): it is now ${aside}, and the next sweep reads every file`;
    } finally {
      this.#lock.release();
    }
  }

  /** What a worker has met with. */
  fail(error: Error): void {
    this.#failure.note(error);
  }

  #dropImage(path: string, key: FileKey): void {
    if (key[0] > this.#knownFolders) return;
    const image = this.#images.get(key);
    if (image === undefined) return;
    if (image.flagged) this.#gone.add(path, image);
    this.#images.remove(key);
  }

  #keyOf(path: string): FileKey {
    const { folder, name } = splitPath(path);
    if (folder !== this.#lastFolder) {
      const found = this.#getFolder.get(toKey(folder))?.id;
      this.#lastFolderId = Number(found ?? this.#addFolder.run(toKey(folder)).lastInsertRowid);
      this.#lastFolder = folder;
    }
    return [this.#lastFolderId, toKey(name)];
  }

  #unfinishedSweep(): string | undefined {
    const begunMs = this.#failure.attempt(() => this.#counter(UNFINISHED, 0)) ?? 0;
    if (begunMs === 0) return undefined;
    const begun = new Date(begunMs).toISOString().replace(/\.\d+/, '');
    return `the last sweep with this state, begun ${begun}, did not come to its end: files that it had not reported are read again`;
  }

  #counter(name: string, otherwise: number): number {
    const row = this.#db.prepare('SELECT value FROM counter WHERE name = ?').get(name);
    return Number(row?.value ?? otherwise);
  }

  #setCounter(name: string, value: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO counter VALUES (?, ?)').run(name, value);
  }

  #write<Value>(work: () => Value): Value | undefined {
    return this.#failure.attempt(() => {
      if (!this.#isWriting) this.#db.exec('BEGIN IMMEDIATE');
      this.#isWriting = true;
      return work();
    });
  }
}

function sha1Of({ content }: Pick<ImageRow, 'content'>): string | null | undefined {
  return parseStoredImage(content).records[0]?.SHA1;
}
