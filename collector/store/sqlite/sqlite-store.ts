import type { Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import type { Intake, SentBatch, TakenBatch } from '../../ingest/sent-batch.ts';
import type { CompileResult, QueryCompiler } from '../../query/compile-result.ts';
import { CompiledQueries } from '../../query/compiled-queries.ts';
import type { AppendResult, Batch, RunOptions, Store, StoreStatus } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { backupDatabase } from './backup-database.ts';
import { BatchIntake } from './batch-intake.ts';
import type { CompilerMethods } from './compiler-thread.ts';
import { packBatch } from './packed-batch.ts';
import { ReaderPool } from './reader-pool.ts';
import { StoreThread } from './store-thread.ts';
import type { WriterData, WriterMethods } from './writer-thread.ts';

/** Calls that may wait in front of a thread before another is refused as `busy`: a minute's work, not an hour's. */
const MAX_WAITING_BATCHES = 16;
const MAX_WAITING_COMPILES = 32;
/** One slow query then leaves the other thread to the others. */
const READERS_BESIDE_WRITER = 2;

/** Which threads to start: `import` needs no reader, `query` must not create a database and asks one thing at a time. */
export type StoreMode = 'read-write' | 'write' | 'read';

/** Store and KQL compiler on one SQLite file, with threads for writing, for reading, and for Microsoft's parser. */
export class SqliteStore implements Store, QueryCompiler, Intake {
  readonly #dataFolder: string;
  readonly #writer: StoreThread<WriterMethods> | undefined;
  readonly #intake: BatchIntake | undefined;
  readonly #readers: ReaderPool | undefined;
  /** Started when it is first needed: a plan that was compiled ahead needs none. */
  #compiler: Promise<StoreThread<CompilerMethods>> | undefined;
  readonly #compiled = new CompiledQueries();
  #retaining = false;
  #closed = false;

  private constructor(
    dataFolder: string,
    writer: StoreThread<WriterMethods> | undefined,
    readers: ReaderPool | undefined,
  ) {
    this.#dataFolder = dataFolder;
    this.#writer = writer;
    this.#intake = writer && new BatchIntake(writer);
    this.#readers = readers;
  }

  /** Opens the store in `dataFolder`; writers create it. Throws StoreError where it cannot be opened. */
  static async open(dataFolder: string, mode: StoreMode): Promise<SqliteStore> {
    const writerData: WriterData = { dataFolder };
    const writer =
      mode === 'read'
        ? undefined
        : await StoreThread.start<WriterMethods>('sqlite-writer', writerData);
    try {
      const readers =
        mode === 'write'
          ? undefined
          : await ReaderPool.start(dataFolder, mode === 'read' ? 1 : READERS_BESIDE_WRITER);
      return new SqliteStore(dataFolder, writer, readers);
    } catch (error) {
      await writer?.terminate();
      throw error;
    }
  }

  /** Resolves when a thread has ended by itself: from then on the store answers nothing but errors. */
  get failed(): Promise<StoreError> {
    const threads = [this.#writer, this.#readers].filter((thread) => thread !== undefined);
    return Promise.race(threads.map((thread) => thread.failed));
  }

  /** Calls without an answer yet. */
  get waiting(): { readonly batches: number; readonly queries: number } {
    return { batches: this.#writer?.waiting ?? 0, queries: this.#readers?.busy ?? 0 };
  }

  async append(batch: Batch): Promise<AppendResult> {
    return this.#writerWithRoom().call('append', packBatch(batch));
  }

  async take(sent: SentBatch): Promise<TakenBatch> {
    this.#writerWithRoom();
    return present(this.#intake, 'writing').take(sent);
  }

  async compile(query: string): Promise<CompileResult> {
    present(this.#readers, 'reading');
    const known = this.#compiled.find(query);
    if (known && !this.#closed) return known;
    const compiler = await this.#liveCompiler();
    if (compiler.waiting >= MAX_WAITING_COMPILES)
      throw new StoreError('busy', 'too many queries are waiting: try again later');
    const result = await compiler.call('compile', query);
    this.#compiled.remember(query, result);
    return result;
  }

  async run(plan: Plan, options: RunOptions): Promise<QueryResult> {
    return present(this.#readers, 'reading').run(plan, options);
  }

  /** By the writer where there is one: that it answers says that batches are written, too. */
  async status(): Promise<StoreStatus> {
    if (this.#writer) return this.#writer.call('status');
    return present(this.#readers, 'reading').status();
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
    this.#closed = true;
    await this.#readers?.close();
    const [compiler] = await Promise.allSettled([this.#compiler]); // who compiled was told why it did not start
    if (compiler?.status === 'fulfilled') await compiler.value?.terminate();
    await this.#intake?.close();
    if (!this.#writer) return;
    try {
      if (!this.#writer.dead) await this.#writer.call('close');
    } finally {
      await this.#writer.terminate();
    }
  }

  #writerWithRoom(): StoreThread<WriterMethods> {
    const writer = present(this.#writer, 'writing');
    if (writer.waiting >= MAX_WAITING_BATCHES)
      throw new StoreError('busy', 'too many batches are waiting for the disk: send again later');
    return writer;
  }

  /** A parser that died of a query (memory, stack) is replaced: it holds nothing, and others have theirs to ask. */
  async #liveCompiler(): Promise<StoreThread<CompilerMethods>> {
    if (this.#closed) throw new StoreError('cancelled', 'the store was closed');
    this.#compiler ??= StoreThread.start<CompilerMethods>('kql-compiler', undefined);
    const started = this.#compiler;
    const compiler = await started;
    if (!compiler.dead) return compiler;
    if (this.#compiler === started) this.#compiler = undefined;
    return this.#liveCompiler();
  }
}

function present<Thread>(thread: Thread | undefined, purpose: string): Thread {
  if (!thread) throw new Error(`this store was not opened for ${purpose}`);
  return thread;
}
