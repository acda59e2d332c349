import type { DatabaseSync } from 'node:sqlite';
import type { SweepRow } from '../../parsers/record/columns.ts';
import { decodeBody, encodeBody, type SpoolBatch, type SpoolTable } from './spool-batch.ts';
import { openSpoolDatabase, spoolError, spoolFile } from './spool-database.ts';
import { SpoolStatements } from './spool-statements.ts';

export interface SpoolOptions {
  /** Bytes of compressed batches that are kept; 512 MB unless told. */
  readonly capBytes?: number | undefined;
}

/** What the spool holds. */
export interface SpoolCount {
  readonly batches: number;
  readonly rows: number;
}

/** A batch that the collector will never take, and what it said. */
export interface RefusedBatch {
  readonly id: string;
  readonly table: SpoolTable;
  readonly rows: number;
  readonly createdMs: number;
  readonly refusal: string;
}

const DEFAULT_CAP = 512 * 1024 * 1024;
const MOST_ROWS = 5000;
/** Bytes before compression; a record has some 2,000. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What is sent first and dropped last. */
const UNFLAGGED = 0;
const FLAGGED = 1;
const SWEEP_ROW = 2;

/**
 * Rows on their way to the collector, on disk in DIR/spool.sqlite from flush() until it has acknowledged them.
 *
 * Flagged rows have batches of their own, which are sent first and dropped last. A sweep row is sent when nothing of its
 * sweep is waiting any more, so that its presence says that the records are there; where some were dropped or refused it
 * says so itself. Rows of two sweeps never share a batch: the sweep row ends one, and so must flush() before a new one.
 *
 * All methods throw CommandError where the disk is full or the file damaged: what cannot be made durable must stop the
 * sweep, or it would be lost without a word.
 */
export class Spool {
  readonly file: string;
  /** Where a damaged spool has been put; undefined as a rule. Say it: records in it may never have been sent. */
  readonly movedAside: string | undefined;
  readonly #db: DatabaseSync;
  readonly #statements: SpoolStatements;
  readonly #capBytes: number;
  #flagged = new PendingRows();
  #unflagged = new PendingRows();
  /** The batch that was handed out last: the cap leaves it alone. */
  #inFlight = -1;
  #dropped = 0;
  #wake: () => void = () => {};

  static open(folder: string, { capBytes = DEFAULT_CAP }: SpoolOptions = {}): Spool {
    return new Spool(folder, capBytes);
  }

  private constructor(folder: string, capBytes: number) {
    const { db, movedAside } = openSpoolDatabase(folder);
    this.file = spoolFile(folder);
    this.movedAside = movedAside;
    this.#db = db;
    this.#statements = new SpoolStatements(db);
    this.#capBytes = capBytes;
  }

  /** Rows that the cap has pushed out since open(). The next sweep row that is sent carries their number. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `line` is a row's JSON with its line end. It is durable after flush(), or earlier where a batch is full. */
  add(table: SpoolTable, line: string, { flagged }: { readonly flagged: boolean }): void {
    if (table === 'AgentSweepInfo') {
      this.flush();
      this.#write((statements) => insert(statements, table, [line], SWEEP_ROW));
      return;
    }
    const pending = flagged ? this.#flagged : this.#unflagged;
    pending.add(line);
    if (pending.isFull) this.flush();
  }

  /** Returns when all that was added is on disk. */
  flush(): void {
    const [flagged, unflagged] = [this.#flagged.lines, this.#unflagged.lines];
    if (flagged.length + unflagged.length === 0) return;
    this.#write((statements) => {
      insert(statements, 'AgentFileCertificateInfo', flagged, FLAGGED);
      insert(statements, 'AgentFileCertificateInfo', unflagged, UNFLAGGED);
    });
    this.#flagged = new PendingRows();
    this.#unflagged = new PendingRows();
  }

  /** What is to be sent next; undefined when nothing is waiting. The same again until it is acknowledged or refused. */
  next(): SpoolBatch | undefined {
    return this.#guarded(() => {
      for (let row = this.#statements.next(); row !== undefined; row = this.#statements.next()) {
        const lines = decodeBody(row);
        if (lines === undefined) {
          this.refuse(row, 'damaged on this disk: not sent');
          continue;
        }
        this.#inFlight = row.seq;
        const { seq, id, table, rows, rank, body } = row;
        const batch = { seq, id, table, rows, flagged: rank === FLAGGED, body };
        if (rank !== SWEEP_ROW || row.sealed === 1) return batch;
        return { ...batch, ...this.#seal(seq, row.scanId, lines) };
      }
      return undefined;
    });
  }

  /** The collector has it: forgotten here. */
  acknowledge({ seq }: SpoolBatch): void {
    this.#write((statements) => statements.remove(seq));
    if (this.count().batches === 0) this.#guarded(() => this.#statements.shrink());
  }

  /** The collector will never take it: kept, and no longer in the way of others. */
  refuse({ seq }: Pick<SpoolBatch, 'seq'>, refusal: string): void {
    this.#write((statements) => {
      statements.lose(seq);
      statements.refuse(seq, refusal);
    });
  }

  /** The collector found it too large: two halves take its place. False for a single row. */
  split(batch: SpoolBatch): boolean {
    const lines = decodeBody(batch) ?? [];
    if (lines.length < 2) return false;
    const half = Math.ceil(lines.length / 2);
    this.#write((statements) => {
      statements.remove(batch.seq);
      for (const part of [lines.slice(0, half), lines.slice(half)])
        insert(statements, batch.table, part, batch.flagged ? FLAGGED : UNFLAGGED);
    });
    return true;
  }

  /** What waits to be sent. */
  count(): SpoolCount {
    return this.#guarded(() => this.#statements.count());
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  /** Neither waiting nor refused batches. */
  get isEmpty(): boolean {
    return this.count().batches === 0 && this.refused().length === 0;
  }

  /** The first 1,000. */
  refused(): RefusedBatch[] {
    return this.#guarded(() => this.#statements.refused());
  }

  /** Lets refused batches wait for the collector again. Returns how many. */
  retryRefused(): number {
    return this.#write((statements) => statements.retryRefused());
  }

  /** Resolves when something has been added since the call. */
  added(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Rows that were added and not flushed are gone. */
  close(): void {
    if (this.isOpen) this.#db.close();
  }

  /** The row as it will be sent, now that the fate of its records is known. It never changes again: a resend is the same. */
  #seal(seq: number, scanId: string, lines: readonly string[]) {
    const row = JSON.parse(lines[0] ?? '') as SweepRow;
    return this.#write((statements) => {
      const { dropped, incomplete } = statements.takeLosses(scanId);
      const sealed: SweepRow = {
        ...row,
        Complete: incomplete ? false : row.Complete,
        SpoolDropped: dropped,
      };
      const encoded = encodeBody([`${JSON.stringify(sealed)}\n`]);
      statements.seal(seq, encoded);
      return encoded;
    });
  }

  /** One transaction, within the cap. */
  #write<Result>(change: (statements: SpoolStatements) => Result): Result {
    return this.#guarded(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = change(this.#statements);
        const dropped = this.#statements.dropBeyond(this.#capBytes, this.#inFlight);
        this.#db.exec('COMMIT');
        this.#dropped += dropped;
        this.#wake();
        return result;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK'); // a full disk has rolled back already
        throw error;
      }
    });
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw spoolError(error, this.file);
    }
  }
}

/** Rows in memory until the next flush. */
class PendingRows {
  readonly lines: string[] = [];
  #bytes = 0;

  get isFull(): boolean {
    return this.lines.length >= MOST_ROWS || this.#bytes >= MOST_BYTES;
  }

  add(line: string): void {
    this.lines.push(line);
    this.#bytes += Buffer.byteLength(line);
  }
}

function insert(
  statements: SpoolStatements,
  table: SpoolTable,
  lines: readonly string[],
  rank: number,
): void {
  const [first] = lines;
  if (first === undefined) return;
  const scanId = String((JSON.parse(first) as { ScanId?: unknown }).ScanId);
  statements.insert({ ...encodeBody(lines), table, rows: lines.length, rank, scanId });
}
