import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import type { LiveService } from './live-service.ts';
import { type QueryOutcome, runQuery } from './run-query.ts';

/** How often and how long is tried where a service does not answer. */
export interface LivePatience {
  /** Tries of one window. */
  readonly tries: number;
  /** The longest wait before the second try, doubled before each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Of everything, from the first request. */
  readonly totalMs: number;
}

export const LIVE_PATIENCE: LivePatience = {
  tries: 8,
  firstWaitMs: 2000,
  longestWaitMs: 120_000,
  totalMs: 3 * 3_600_000,
};

/** Milliseconds of one request from its start to its end: a query may run for 10 minutes, and its answer takes time. */
const REQUEST_TIMEOUT = 20 * 60_000;

/** Of one run over all its windows. */
export interface Asking {
  readonly service: LiveService;
  readonly dispatcher: Dispatcher;
  readonly patience: LivePatience;
  /** When patience ends: milliseconds since 1970. */
  readonly deadline: number;
  token(): string;
  /** A line for whoever waits. */
  tell(line: string): void;
}

/**
 * Asks for one window until there is an answer, with waits between: what the service asks for, and any time up to a limit that
 * doubles ("full jitter"), so that several of us do not come back at once.
 */
export async function askWindow(
  asking: Asking,
  window: TimeWindow,
): Promise<Exclude<QueryOutcome, { kind: 'not-now' }>> {
  const { service, dispatcher, patience, deadline, token, tell } = asking;
  for (let attempt = 1; ; attempt += 1) {
    const left = deadline - Date.now();
    const timeout = Math.max(1, Math.min(REQUEST_TIMEOUT, left));
    const outcome = await runQuery(service, window, token(), dispatcher, timeout);
    if (outcome.kind !== 'not-now') return outcome;
    const { reason, afterMs } = outcome;
    const longest = Math.min(patience.longestWaitMs, patience.firstWaitMs * 2 ** (attempt - 1));
    const wait = afterMs + Math.random() * longest;
    if (attempt === patience.tries)
      return { kind: 'refused', reason: `${reason}; tried ${attempt} times` };
    if (Date.now() + wait > deadline)
      return { kind: 'refused', reason: `${reason}; the time for all of it has passed` };
    tell(`${reason}; next try in ${Math.ceil(wait / 1000)} s`);
    await sleep(wait);
  }
}
