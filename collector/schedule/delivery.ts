import type { CollectorLog } from '../log/collector-log.ts';
import type { Channel } from '../notify/channel.ts';
import type { Notice } from '../notify/notice.ts';
import type { Outbox } from './outbox.ts';

/** Milliseconds between two looks at the outbox. */
const TICK_MS = 500;
const FIRST_PAUSE_MS = 5_000;
const MOST_PAUSE_MS = 3_600_000;

export interface DeliveryParts {
  readonly channels: readonly Channel[];
  readonly outbox: Outbox;
  readonly log: CollectorLog;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** From 0 to 1: Math.random outside tests. */
  readonly chance: () => number;
  /** What the database could not be used for. */
  readonly onError: (error: unknown) => void;
}

/**
 * Gives the channels what waits for them, until each has taken it. A notice is removed when its channel has it, so that a
 * kill in between sends it twice and never loses it.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #stopping = new AbortController();
  readonly #busy = new Map<Channel, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /** Ends what is on its way: it is sent again after the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await Promise.all(this.#busy.values());
    await Promise.all(this.#parts.channels.map((channel) => channel.close()));
  }

  #tick(): void {
    for (const channel of this.#parts.channels) {
      if (this.#busy.has(channel)) continue;
      const sending = this.#send(channel)
        .catch(this.#parts.onError)
        .finally(() => this.#busy.delete(channel));
      this.#busy.set(channel, sending);
    }
  }

  /** All that waits for a channel, batch by batch, until it does not take one. */
  async #send(channel: Channel): Promise<void> {
    const { outbox, clock, log } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { failures, retryTime } = outbox.channel(channel.name);
      if (clock() < retryTime) return;
      const batch = outbox.next(channel.name, channel.most);
      if (batch.length === 0) return;
      const seqs = batch.map(({ seq }) => seq);
      const notices = batch.map(({ body }) => JSON.parse(body) as Notice);
      const result = await channel.send(notices, signal);
      if (result.kind === 'delivered') {
        outbox.delivered(channel.name, seqs, clock());
        log.debug('notify', `${channel.name} took ${batch.length} notices`);
        continue;
      }
      if (signal.aborted) return;
      const what = `${channel.name} did not take ${batch.length} notices: ${result.reason}`;
      if (result.kind === 'refused') {
        const alone = result.ofContent && batch.length > 1;
        outbox.refused(channel.name, seqs, result.reason, alone);
        const then = alone
          ? 'each is sent by itself'
          : 'they are kept: certsweep-collector hunts retry';
        log.error('notify', `${what}; ${then}`, { channel: channel.name, notices: batch.length });
        continue;
      }
      const pause = Math.max(pauseAfter(failures, this.#parts.chance()), result.afterMs ?? 0);
      outbox.postponed(channel.name, result.reason, clock() + pause);
      const again = `tried again in ${Math.ceil(pause / 1000)} s`;
      log.warn('notify', `${what}; ${again}`, { channel: channel.name, notices: batch.length });
      return;
    }
  }
}

/** Milliseconds: doubled with each failure, at most an hour, of which half is left to chance. */
export function pauseAfter(failures: number, chance: number): number {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), MOST_PAUSE_MS);
  return Math.round(whole * (0.5 + chance / 2));
}
