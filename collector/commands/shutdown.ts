import type { FastifyInstance } from 'fastify';
import { EXIT_INTERRUPTED } from '../exit-status.ts';
import type { Readiness } from '../health/readiness.ts';
import type { CollectorLog } from '../log/collector-log.ts';
import type { CollectorMetrics } from '../metrics/collector-metrics.ts';
import type { Hunts } from '../schedule/hunts.ts';
import type { Store } from '../store/store.ts';

/** How long requests in progress may take after the first signal. */
const GRACE_MS = 10_000;

export interface ShutdownParts {
  readonly server: FastifyInstance;
  readonly store: Store;
  readonly metrics: CollectorMetrics;
  readonly readiness: Readiness;
  readonly log: CollectorLog;
  readonly hunts?: Pick<Hunts, 'stop'> | undefined;
  /** Closes what the server and the store have used. */
  readonly close: () => void;
}

/**
 * How the collector stops: no further connection is taken, requests in progress are answered, then the store writes what it
 * has accepted. Who gets no answer keeps the batch and sends it again.
 */
export class Shutdown {
  readonly #parts: ShutdownParts;
  readonly #begun = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /** Aborted when it begins to stop. */
  get signal(): AbortSignal {
    return this.#begun.signal;
  }

  /** Stops at SIGTERM and SIGINT. A second signal ends the process at once, and says what that costs. */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (this.#stopping) this.#endNow(signal);
        else void this.stop(signal);
      });
  }

  /** Resolves when everything is on disk and closed. Called again it waits for the same. */
  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #stop(why: string): Promise<void> {
    const { server, store, metrics, readiness, log, close, hunts } = this.#parts;
    readiness.stopping();
    this.#begun.abort();
    const waiting = `${metrics.inProgress} requests are in progress`;
    log.info('stopping', `stopping (${why}): ${waiting}, ${GRACE_MS / 1000} s are given to them`);
    const deadline = setTimeout(() => {
      const cut = `${metrics.inProgress} requests took too long and are cut off: their senders send again`;
      log.warn('stopping', cut);
      server.server.closeAllConnections();
    }, GRACE_MS);
    try {
      await Promise.all([server.close(), hunts?.stop()]);
      clearTimeout(deadline);
      await store.close();
      log.info('stopped', 'stopped: every acknowledged batch is on disk');
    } finally {
      close();
    }
  }

  #endNow(signal: NodeJS.Signals): void {
    const { metrics, log } = this.#parts;
    log.warn(
      'stopped',
      `ended at once by a second ${signal}: ${metrics.inProgress} requests get no answer; every acknowledged batch is on disk, ` +
        'and agents send the others again',
    );
    process.exit(EXIT_INTERRUPTED);
  }
}
