import { isIP } from 'node:net';
import { HttpError } from '../http/http-error.ts';
import type { AuditEvent, AuditEventName } from './audit-event.ts';
import type { Doors } from './doors.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { RateLimits } from './rate-limits.ts';
import type { TokenKind } from './token.ts';
import type { TokenRow } from './token-row.ts';

/** What is asked of a request before it is served. Fastify's requests have it. */
export interface Caller {
  readonly headers: { readonly authorization?: string | undefined };
  readonly ip: string;
  readonly method: string;
  readonly url: string;
}

export interface DoorkeeperOptions {
  readonly doors: Doors;
  /** Off: a request without a token is served. A token that is sent must be right all the same. */
  readonly required: boolean;
  readonly clock: () => number;
  readonly audit: (event: AuditEvent) => void;
}

/** What is told of an event beside its sentence. */
export type AuditDetails = Omit<AuditEvent, 'time' | 'event' | 'address' | 'what'>;

/** Decides by its token whether a request is served, and tells the audit log whom it refused. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #failed: FailedAttempts;
  readonly #rates: RateLimits;
  readonly #tokens = new WeakMap<Caller, TokenRow>();

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#failed = new FailedAttempts(options.clock);
    this.#rates = new RateLimits(options.clock);
  }

  /**
   * Counts a request of an address, whatever it asks. Throws HttpError 429 past the limit. Where no token is required all
   * callers are of this host, and are not counted.
   */
  countRequest(caller: Caller): void {
    if (this.#options.required) this.#rates.countAddress(addressOf(caller));
  }

  /** As demand(), but a caller without a token passes where none is required. */
  admit(caller: Caller, kind: TokenKind): TokenRow | undefined {
    const sendsNone = caller.headers.authorization === undefined;
    return sendsNone && !this.#options.required ? undefined : this.demand(caller, kind);
  }

  /** As check(), and counts the request: 429 past the token's rate. */
  demand(caller: Caller, kind: TokenKind): TokenRow {
    const token = this.check(caller, kind);
    this.#rates.countToken(token);
    return token;
  }

  /**
   * The token by which `caller` passes a door of this kind; an operator passes a reader's, too. Throws HttpError 401 where it is absent, unknown, expired or
   * revoked, 403 where it opens other doors, 429 after many of these.
   */
  check(caller: Caller, kind: TokenKind): TokenRow {
    const { authorization } = caller.headers;
    if (authorization === undefined)
      throw this.refuse(caller, `this needs ${NAMES[kind]} in an Authorization: Bearer header`);
    const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    const token = this.#options.doors.find(text);
    if (!token) throw this.refuse(caller, REFUSED[kind]);
    if (token.kind !== kind && !(kind === 'reader' && token.kind === 'operator'))
      throw this.#refusal(caller, 403, {
        code: 'wrong-token',
        message: `this needs ${NAMES[kind]}, and was sent ${NAMES[token.kind]}`,
      });
    this.#options.doors.markUsed(token);
    this.#tokens.set(caller, token);
    return token;
  }

  /** The 401 for a request whose token opens nothing, or nothing any more. */
  refuse(caller: Caller, message: string): HttpError {
    return this.#refusal(caller, 401, { code: 'unauthorized', message });
  }

  /** One event for the audit log: what happened, and to whom. Never a token. */
  audit(caller: Caller, event: AuditEventName, what: string, details: AuditDetails = {}): void {
    const time = new Date(this.#options.clock()).toISOString();
    const token = this.#tokens.get(caller);
    const whose = token && {
      tokenId: token.id,
      ...(token.name !== '' && { tokenName: token.name }),
    };
    this.#options.audit({ time, event, address: addressOf(caller), ...whose, what, ...details });
  }

  #refusal(caller: Caller, status: number, body: HttpError['body']): HttpError {
    const place = this.#failed.add(addressOf(caller));
    if (place !== 'over') {
      const request = `${caller.method} ${caller.url.replace(/[?#].*$/s, '').slice(0, 100)}`;
      const silence = place === 'last' ? '; further ones are not logged for a minute' : '';
      this.audit(caller, 'refused', `refused ${request}: ${body.message}${silence}`);
      return new HttpError(status, body);
    }
    const message = 'too many requests with a wrong token: repair it, then try again in a minute';
    return new HttpError(429, { code: 'too-many-attempts', message });
  }
}

/** Behind a proxy that passes X-Forwarded-For on as it came, anybody writes it, at any length: only an address is taken from it. */
function addressOf({ ip }: Caller): string {
  return isIP(ip) === 0 ? 'no-address' : ip;
}

const NAMES: Readonly<Record<TokenKind, string>> = {
  device: "a device's token",
  reader: "a reader's token",
  operator: "an operator's token",
  key: 'an enrolment key',
};

const REMEDY = 'ask for a new one, made with certsweep-collector enroll';
const REFUSED: Readonly<Record<TokenKind, string>> = {
  device: `the device's token is unknown, replaced or revoked: ${REMEDY}`,
  reader: `the reader's token is unknown, expired or revoked: ${REMEDY} --reader`,
  operator: `the operator's token is unknown, expired or revoked: ${REMEDY} --operator`,
  key: `the enrolment key is unknown, expired or revoked: ${REMEDY} --key`,
};
