import { MessageChannel } from 'node:worker_threads';
import type { IngestData, IngestMethods } from '../../ingest/ingest-thread.ts';
import type { Intake, SentBatch, TakenBatch } from '../../ingest/sent-batch.ts';
import { StoreError } from '../store-error.ts';
import { StoreThread } from './store-thread.ts';
import type { WriterMethods } from './writer-thread.ts';

/** Reads batches in a thread that passes them to the writer's by itself. This end only waits for what both say. */
export class BatchIntake implements Intake {
  readonly #writer: StoreThread<WriterMethods>;
  #thread: Promise<StoreThread<IngestMethods>> | undefined;
  readonly #taking = new Set<Promise<unknown>>();
  #closed = false;

  constructor(writer: StoreThread<WriterMethods>) {
    this.#writer = writer;
  }

  take(sent: SentBatch): Promise<TakenBatch> {
    const taking = this.#take(sent);
    this.#taking.add(taking);
    const done = () => this.#taking.delete(taking);
    taking.then(done, done);
    return taking;
  }

  /** Waits for the batches that it took. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#taking);
    const [thread] = await Promise.allSettled([this.#thread]); // who sent was told why it did not start
    if (thread?.status === 'fulfilled') await thread.value?.terminate();
  }

  async #take(sent: SentBatch): Promise<TakenBatch> {
    const thread = await this.#liveThread();
    const append = this.#writer.expect('append');
    const reading = this.#read(thread, append.id, sent);
    // Both are waited for from the start: where the writer dies first, nobody need wait for the reading.
    const [read, result] = await Promise.all([reading, append.result]);
    if (read.kind !== 'passed-on') return read;
    if (!result) throw new Error('the writer did not say what became of a batch');
    return { kind: 'stored', batch: read.batch, result };
  }

  /** What the writer will never hear of is not waited for. */
  async #read(thread: StoreThread<IngestMethods>, append: number, sent: SentBatch) {
    try {
      const read = await thread.callWith([sent.body.buffer], 'read', append, sent);
      if (read.kind !== 'passed-on') this.#writer.forget(append);
      return read;
    } catch (error) {
      this.#writer.forget(append);
      if (!thread.dead) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreError('busy', `the batch was not read: ${reason}; send it again`);
    }
  }

  /** A thread that died of a batch is replaced: it holds nothing, and others have theirs to send. */
  async #liveThread(): Promise<StoreThread<IngestMethods>> {
    if (this.#closed) throw new StoreError('cancelled', 'the store was closed');
    this.#thread ??= this.#start();
    const started = this.#thread;
    const thread = await started;
    if (!thread.dead) return thread;
    if (this.#thread === started) this.#thread = undefined;
    return this.#liveThread();
  }

  async #start(): Promise<StoreThread<IngestMethods>> {
    const { port1, port2 } = new MessageChannel();
    await this.#writer.callWith([port1], 'connect', port1);
    const data: IngestData = { writer: port2 };
    return StoreThread.start<IngestMethods>('ingest', data, [port2]);
  }
}
