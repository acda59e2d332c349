import { MinuteCounts } from './minute-counts.ts';
import { networkOf } from './network.ts';

/** Refused tokens of one address in a minute before it is answered 429. A lost or stale token of an agent is far below. */
export const MAX_REFUSALS = 30;

/**
 * Counts refused tokens by address. Nobody guesses 256 bits; this keeps a loop of wrong requests from filling the log.
 * A good token is never refused, so that one broken agent does not stop the others behind the same address.
 */
export class FailedAttempts {
  readonly #counts: MinuteCounts;

  constructor(clock: () => number) {
    this.#counts = new MinuteCounts(clock);
  }

  /** Counts one more. `last` is the one that may still be answered, and logged, as usual; `over` the ones after it. */
  add(address: string): 'under' | 'last' | 'over' {
    const count = this.#counts.add(networkOf(address));
    if (count === MAX_REFUSALS) return 'last';
    return count > MAX_REFUSALS ? 'over' : 'under';
  }
}
