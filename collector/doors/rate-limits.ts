import { HttpError } from '../http/http-error.ts';
import { MinuteCounts } from './minute-counts.ts';
import { networkOf } from './network.ts';
import type { TokenKind } from './token.ts';
import type { TokenRow } from './token-row.ts';

/**
 * Requests of one token in a minute. A device sends a batch of 5,000 rows at a time, far fewer than this; one key enrols
 * the computers of a site that are switched on in the morning; a dashboard asks ten queries a second at most.
 */
export const MAX_REQUESTS_OF_TOKEN: Readonly<Record<TokenKind, number>> = {
  device: 1_200,
  reader: 600,
  operator: 600,
  key: 600,
};

/** Requests of one address, or IPv6 network, in a minute, with a token or none: a whole site may come by one address. */
export const MAX_REQUESTS_OF_ADDRESS = 12_000;

/** Throws HttpError 429, whose Retry-After agents wait for, where somebody asks too often. */
export class RateLimits {
  readonly #tokens: MinuteCounts;
  readonly #addresses: MinuteCounts;

  constructor(clock: () => number) {
    this.#tokens = new MinuteCounts(clock);
    this.#addresses = new MinuteCounts(clock);
  }

  countToken({ id, kind }: TokenRow): void {
    const most = MAX_REQUESTS_OF_TOKEN[kind];
    if (this.#tokens.add(id) > most) throw tooMany(`token ${id}`, most);
  }

  countAddress(address: string): void {
    const most = MAX_REQUESTS_OF_ADDRESS;
    if (this.#addresses.add(networkOf(address)) > most) throw tooMany('this address', most);
  }
}

function tooMany(whose: string, most: number): HttpError {
  const message = `more than ${most} requests of ${whose} in a minute: send again in a minute`;
  return new HttpError(429, { code: 'too-many-requests', message });
}
