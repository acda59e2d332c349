/** How often and how long a sender tries where the collector does not take a batch. */
export interface Patience {
  /** Tries of one batch before it is left for later. */
  readonly tries: number;
  /** The longest wait before the second try, doubled before each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A collector that asks for more time than that is left alone for now. */
  readonly longestRetryAfterMs: number;
}

/** Somebody is waiting: some 7 s in the mean, 15 s at most. */
export const brief: Patience = {
  tries: 5,
  firstWaitMs: 1000,
  longestWaitMs: 8000,
  longestRetryAfterMs: 60_000,
};

/** A service has time: up to 5 minutes between two tries. */
export const patient: Patience = {
  tries: Number.POSITIVE_INFINITY,
  firstWaitMs: 1000,
  longestWaitMs: 5 * 60_000,
  longestRetryAfterMs: Number.POSITIVE_INFINITY,
};

/**
 * Milliseconds before the next try after `failures` of them. Any time up to the limit ("full jitter"): a thousand agents
 * that lost the same collector must not come back in the same second. `random` is in [0, 1).
 */
export function waitMs({ firstWaitMs, longestWaitMs }: Patience, failures: number, random: number) {
  return random * Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
}
