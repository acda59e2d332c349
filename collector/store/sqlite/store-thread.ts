import type { Transferable, Worker } from 'node:worker_threads';
import { startWorker, type ThreadName } from '../../start-worker.ts';
import { StoreError } from '../store-error.ts';
import { fromMessage, type ReplyMessage, type ThreadMethods } from './thread-protocol.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The main thread's end of a store thread: typed calls out, promises back. */
export class StoreThread<Methods extends ThreadMethods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #failed = Promise.withResolvers<StoreError>();
  #lastId = 0;
  #dead: StoreError | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Resolves with the reason when the thread ends without having been asked to. */
  get failed(): Promise<StoreError> {
    return this.#failed.promise;
  }

  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /** Resolves when the thread has opened its database; rejects with the StoreError that kept it from doing so. */
  static async start<Methods extends ThreadMethods>(
    name: ThreadName,
    workerData: unknown,
    transfer: readonly Transferable[] = [],
  ): Promise<StoreThread<Methods>> {
    const worker = startWorker(name, workerData, transfer);
    const thread = new StoreThread<Methods>(worker);
    try {
      await new Promise<void>((resolve, reject) => {
        worker.once('message', (first: ReplyMessage) => {
          if (first.kind === 'not-started') reject(fromMessage(first.error));
          else resolve();
        });
        worker.once('error', reject);
        worker.once('exit', () => reject(new StoreError('failed', `thread ${name} ended at once`)));
      });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    worker.on('message', (message: ReplyMessage) => thread.#settle(message));
    worker.on('error', (error) => thread.#die(`thread ${name} failed: ${error}`));
    worker.on('exit', () => thread.#die(`thread ${name} ended`));
    return thread;
  }

  /** Calls that have no answer yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Parameters<Methods[Name]>
  ): Promise<ReturnType<Methods[Name]>> {
    return this.callWith([], method, ...args);
  }

  /** As call(); what of `args` is in `transfer` is handed over, and gone here. */
  async callWith<Name extends keyof Methods & string>(
    transfer: readonly Transferable[],
    method: Name,
    ...args: Parameters<Methods[Name]>
  ): Promise<ReturnType<Methods[Name]>> {
    const { id, result } = this.expect(method);
    this.#worker.postMessage({ id, method, args }, transfer);
    return result as Promise<ReturnType<Methods[Name]>>;
  }

  /** The answer to a call that another thread makes under this id. Without an answer until then where it is forgotten. */
  expect<Name extends keyof Methods & string>(
    _method: Name,
  ): { readonly id: number; readonly result: Promise<ReturnType<Methods[Name]> | undefined> } {
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#dead) return { id, result: Promise.reject(this.#dead) };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    return { id, result: promise as Promise<ReturnType<Methods[Name]> | undefined> };
  }

  /** Nobody will make this call: what waits for its answer gets undefined. */
  forget(id: number): void {
    this.#waiting.get(id)?.resolve(undefined);
    this.#waiting.delete(id);
  }

  /** Ends the thread. What it has not answered is rejected. */
  async terminate(): Promise<void> {
    this.#die('the store was closed', 'cancelled');
    await this.#worker.terminate();
  }

  #settle(message: ReplyMessage): void {
    if (message.kind !== 'result' && message.kind !== 'error') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'result') waiting?.resolve(message.value);
    else waiting?.reject(fromMessage(message.error));
  }

  #die(reason: string, code: 'failed' | 'cancelled' = 'failed'): void {
    this.#dead ??= new StoreError(code, reason);
    if (this.#dead.code === 'failed') this.#failed.resolve(this.#dead);
    for (const { reject } of this.#waiting.values()) reject(this.#dead);
    this.#waiting.clear();
  }
}
