import type { Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import { recordColumns, sweepColumns } from '../../../parsers/record/columns.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import type { CompileResult, QueryCompiler } from '../../query/compile-result.ts';
import type { AppendResult, Batch, RunOptions, Store, StoreStatus } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { backupDatabase } from './backup-database.ts';
import type { BatchMessage } from './batch-writer.ts';
import type { ReaderData, ReaderMethods } from './reader-thread.ts';
import { StoreThread } from './store-thread.ts';
import type { WriterData, WriterMethods } from './writer-thread.ts';

/** Calls that may wait in front of each thread before another is refused as `busy`: a minute's work, not an hour's. */
const MAX_WAITING_BATCHES = 16;
const MAX_WAITING_QUERIES = 32;

/** Which threads to start: `import` needs no reader, `query` must not create a database. */
export type StoreMode = 'read-write' | 'write' | 'read';

/** Store and KQL compiler on one SQLite file, with one thread for writing and one for reading. */
export class SqliteStore implements Store, QueryCompiler {
  readonly #writer: StoreThread<WriterMethods> | undefined;
  readonly #reader: StoreThread<ReaderMethods> | undefined;
  readonly #cancelledRun: Int32Array;
  readonly #dataFolder: string;
  #lastRun = 0;
  #retaining = false;

  private constructor(
    dataFolder: string,
    writer: StoreThread<WriterMethods> | undefined,
    reader: StoreThread<ReaderMethods> | undefined,
    cancelled: SharedArrayBuffer,
  ) {
    this.#dataFolder = dataFolder;
    this.#writer = writer;
    this.#reader = reader;
    this.#cancelledRun = new Int32Array(cancelled);
  }

  /** Opens the store in `dataFolder`; writers create it. Throws StoreError where it cannot be opened. */
  static async open(dataFolder: string, mode: StoreMode): Promise<SqliteStore> {
    const cancelled = new SharedArrayBuffer(4);
    const writerData: WriterData = { dataFolder };
    const readerData: ReaderData = { dataFolder, cancelled };
    const writer =
      mode === 'read'
        ? undefined
        : await StoreThread.start<WriterMethods>('sqlite-writer', writerData);
    try {
      const reader =
        mode === 'write'
          ? undefined
          : await StoreThread.start<ReaderMethods>('sqlite-reader', readerData);
      return new SqliteStore(dataFolder, writer, reader, cancelled);
    } catch (error) {
      await writer?.terminate();
      throw error;
    }
  }

  /** Resolves when a thread has ended by itself: from then on the store answers nothing but errors. */
  get failed(): Promise<StoreError> {
    const threads = [this.#writer, this.#reader].filter((thread) => thread !== undefined);
    return Promise.race(threads.map((thread) => thread.failed));
  }

  async append(batch: Batch): Promise<AppendResult> {
    const writer = present(this.#writer, 'writing');
    if (writer.waiting >= MAX_WAITING_BATCHES)
      throw new StoreError('busy', 'too many batches are waiting for the disk: send again later');
    return writer.call('append', toMessage(batch));
  }

  async compile(query: string): Promise<CompileResult> {
    return this.#freeReader().call('compile', query);
  }

  async run(plan: Plan, { now, limits, signal }: RunOptions): Promise<QueryResult> {
    const reader = this.#freeReader();
    this.#lastRun += 1;
    const run = this.#lastRun;
    const cancel = () => Atomics.store(this.#cancelledRun, 0, run);
    if (signal?.aborted) throw new StoreError('cancelled', 'the query was cancelled');
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await reader.call('run', run, plan, now, limits);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** By the writer where there is one: that it answers says that batches are written, too. */
  async status(): Promise<StoreStatus> {
    if (this.#writer) return this.#writer.call('status');
    return present(this.#reader, 'reading').call('status');
  }

  async retain(before: bigint): Promise<{ removed: number }> {
    const writer = present(this.#writer, 'writing');
    if (this.#retaining) throw new StoreError('busy', 'a retention is running already');
    this.#retaining = true;
    try {
      const at = ticksFromUnixMs(Date.now());
      for (let removed = 0; ; ) {
        const step = await writer.call('retain', before, at);
        removed += step.removed;
        if (step.done) return { removed };
      }
    } finally {
      this.#retaining = false;
    }
  }

  backup(file: string): Promise<{ bytes: number }> {
    return backupDatabase(this.#dataFolder, file);
  }

  /** Batches that were accepted are written first; queries are cancelled. The writer is last, so that it tidies the WAL. */
  async close(): Promise<void> {
    Atomics.store(this.#cancelledRun, 0, this.#lastRun);
    await this.#reader?.terminate();
    if (!this.#writer) return;
    try {
      if (!this.#writer.dead) await this.#writer.call('close');
    } finally {
      await this.#writer.terminate();
    }
  }

  #freeReader(): StoreThread<ReaderMethods> {
    const reader = present(this.#reader, 'reading');
    if (reader.waiting >= MAX_WAITING_QUERIES)
      throw new StoreError('busy', 'too many queries are waiting: try again later');
    return reader;
  }
}

function present<Thread>(thread: Thread | undefined, purpose: string): Thread {
  if (!thread) throw new Error(`this store was not opened for ${purpose}`);
  return thread;
}

const recordNames = Object.keys(recordColumns) as (keyof typeof recordColumns)[];
const sweepNames = Object.keys(sweepColumns) as (keyof typeof sweepColumns)[];

function toMessage({ id, receivedAt, sentAt, ...batch }: Batch): BatchMessage {
  if (batch.table === 'AgentSweepInfo') {
    const rows = batch.rows.map((row) => sweepNames.map((name) => row[name]));
    return { id, receivedAt, sentAt, table: batch.table, rows };
  }
  const rows = batch.rows.map((row) => recordNames.map((name) => row[name]));
  return { id, receivedAt, sentAt, table: batch.table, rows };
}
