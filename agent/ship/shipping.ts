import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../exit-status.ts';
import type { CollectorAddress } from './collector-address.ts';
import { CollectorClient } from './collector-client.ts';
import { brief, type Patience, patient, waitMs } from './patience.ts';
import type { Spool } from './spool.ts';
import type { SpoolBatch } from './spool-batch.ts';
import { readToken } from './token-file.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** Who is told. A pino logger is one. The texts hold what the collector said: not escaped for a terminal yet. */
export interface ShippingLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface DrainResult {
  /** Of this call. */
  readonly sentRows: number;
  /** Batches that the collector will never take, set aside in this call. */
  readonly refusedBatches: number;
  /** Why something is left that was not refused, and what a person must do; undefined when all was sent. */
  readonly problem: string | undefined;
}

/** Tried again only when a person may have acted. */
const STUCK_WAIT_MS = 5 * 60_000;

/**
 * Sends what is in a spool to a collector, one batch at a time, and deletes each when the collector has named it as stored.
 *
 * `drainOnce` is for a command: it ends when the spool is empty, or after a few tries. `keepDraining` is for the time in
 * which a sweep fills the spool, and for `run`: it ends when `signal` is aborted. One of them at a time. A batch that is
 * on its way is waited for; `close()` cuts it off, which loses nothing: it is sent again.
 *
 *     const shipping = new Shipping(spool, collectorAddress(options), { log });
 *     const draining = shipping.keepDraining(signal);   // run: for its whole life
 *     ...
 *     stop.abort(); await draining; await shipping.close();
 *
 * Both throw CommandError only where the spool cannot be read or written any more (full disk, damaged file).
 */
export class Shipping {
  /** Rows that the collector has acknowledged to this object. */
  sentRows = 0;
  refusedBatches = 0;
  readonly #spool: Spool;
  readonly #address: CollectorAddress;
  readonly #client: CollectorClient;
  readonly #log: ShippingLog;
  #token: string | undefined;
  /** What was said last: the same failure again is not worth a line. */
  #lastWarning = '';

  constructor(spool: Spool, address: CollectorAddress, { log }: { readonly log: ShippingLog }) {
    this.#spool = spool;
    this.#address = address;
    this.#client = new CollectorClient(address);
    this.#log = log;
    this.#token = address.tokenFile === undefined ? undefined : readToken(address.tokenFile);
  }

  async drainOnce(patience: Patience = brief): Promise<DrainResult> {
    const before = { rows: this.sentRows, refused: this.refusedBatches };
    const problem = await this.#drain(patience, undefined);
    return {
      sentRows: this.sentRows - before.rows,
      refusedBatches: this.refusedBatches - before.refused,
      problem,
    };
  }

  async keepDraining(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const added = this.#spool.added();
      const problem = await this.#drain(patient, signal);
      if (signal.aborted) return;
      if (problem === undefined) await unlessAborted(added, signal);
      else await pause(STUCK_WAIT_MS, signal);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Until the spool is empty. Returns why it is not, unless aborted. */
  async #drain(patience: Patience, signal: AbortSignal | undefined): Promise<string | undefined> {
    let failures = 0;
    for (;;) {
      if (signal?.aborted) return undefined;
      const batch = this.#spool.next();
      if (batch === undefined) return undefined;
      const verdict = await this.#send(batch);
      switch (verdict.kind) {
        case 'stored':
          this.#stored(batch);
          failures = 0;
          break;
        case 'refused':
          this.#refuse(batch, verdict.why);
          break;
        case 'too-large':
          if (!this.#spool.split(batch)) this.#refuse(batch, verdict.why);
          break;
        case 'later': {
          failures += 1;
          if (failures >= patience.tries || verdict.retryAfter > patience.longestRetryAfterMs)
            return this.#place(verdict.why);
          this.#warn(verdict.why);
          const wait = waitMs(patience, failures, Math.random());
          await pause(Math.max(wait, verdict.retryAfter), signal);
          break;
        }
        default:
          this.#warn(verdict.why);
          return this.#place(verdict.why);
      }
    }
  }

  async #send(batch: SpoolBatch): Promise<Verdict> {
    const verdict = await this.#post(batch);
    if (verdict.kind !== 'unauthorized' || this.#address.tokenFile === undefined) return verdict;
    try {
      const token = readToken(this.#address.tokenFile);
      if (token === this.#token) return verdict;
      this.#token = token; // it has been renewed while we ran
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { kind: 'stuck', why: error.message };
    }
    return this.#post(batch);
  }

  async #post({ id, table, body }: SpoolBatch): Promise<Verdict> {
    const headers = {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'zstd',
      'certsweep-batch': id,
      'certsweep-clock': new Date().toISOString(), // the collector shows how far this clock is from its own
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    return verdictOn(await this.#client.post(`/v1/tables/${table}/rows`, headers, body), id);
  }

  #stored(batch: SpoolBatch): void {
    this.#spool.acknowledge(batch);
    this.sentRows += batch.rows;
    if (this.#lastWarning !== '')
      this.#log.info(`${this.#address.url.href}: records are taken again`);
    this.#lastWarning = '';
  }

  #refuse(batch: SpoolBatch, why: string): void {
    this.#spool.refuse(batch, why);
    this.refusedBatches += 1;
    this.#log.warn(
      this.#place(
        `${why}. These ${batch.rows} rows are kept aside: see them with certsweep ship --list`,
      ),
    );
  }

  #warn(why: string): void {
    if (why !== this.#lastWarning) this.#log.warn(this.#place(why));
    this.#lastWarning = why;
  }

  #place(why: string): string {
    return `${this.#address.url.href}: ${why}`;
  }
}

async function unlessAborted(event: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([event, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal && { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
