import { isIPv6 } from 'node:net';

/** Refused tokens of one address in a minute before it is answered 429. A lost or stale token of an agent is far below. */
const MOST = 30;
const MINUTE_MS = 60_000;
/** Addresses remembered; past it the oldest is forgotten. */
const MAX_ADDRESSES = 10_000;

/**
 * Counts refused tokens by address. Nobody guesses 256 bits; this keeps a loop of wrong requests from filling the log.
 * A good token is never refused, so that one broken agent does not stop the others behind the same address.
 */
export class FailedAttempts {
  readonly #clock: () => number;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one more. `last` is the one that may still be answered, and logged, as usual; `over` the ones after it. */
  add(address: string): 'under' | 'last' | 'over' {
    const network = networkOf(address);
    const now = this.#clock();
    const known = this.#counts.get(network);
    const entry = known && now - known.since < MINUTE_MS ? known : { since: now, count: 0 };
    entry.count += 1;
    this.#counts.delete(network); // and set again, as the youngest
    this.#counts.set(network, entry);
    if (this.#counts.size > MAX_ADDRESSES) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    if (entry.count === MOST) return 'last';
    return entry.count > MOST ? 'over' : 'under';
  }
}

/** One host has a whole /64 of IPv6 addresses to come from. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const first = head.split(':');
  const last = tail === undefined ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
