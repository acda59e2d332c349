import { createHash } from 'node:crypto';
import { type Dispatcher, request } from 'undici';
import { retryAfterMs } from '../../parsers/http/retry-after.ts';
import { outgoingDispatcher } from '../http/outgoing-dispatcher.ts';
import { collectorVersion } from '../version.ts';
import { type Channel, reasonOf, type SendResult } from './channel.ts';
import { jsonLine } from './json-line.ts';
import type { Notice } from './notice.ts';
import type { WebhookSettings } from './settings.ts';
import { SIGNATURE_HEADER, signBody, TIMESTAMP_HEADER } from './sign.ts';

/** Milliseconds of one request from its start to its end. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds until the head of an answer, and without a byte of its body. */
const ANSWER_TIMEOUT = 20_000;
/** Bytes of an answer that are read; they are not used. */
const MOST_ANSWER = 64 * 1024;

/** Answers that say no more than "not now". Source: RFC 9110 §15.5.9, RFC 6585 §4. */
const TRY_AGAIN: ReadonlySet<number> = new Set([408, 429]);
/** Answers that may be for one notice of several: malformed, too large, not understood. */
const OF_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Posts notices as JSON with a signature. Redirects are not followed: what was found is for this address alone. 2xx is
 * delivered; 408, 429, 5xx and no answer are tried again; everything else is a refusal.
 */
export class WebhookChannel implements Channel {
  readonly kind = 'webhook';
  readonly name: string;
  /** Of 20 KB at most, so that a body stays below 2 MB. */
  readonly most = 100;
  readonly #settings: WebhookSettings;
  readonly #clock: () => number;
  readonly #dispatcher: Dispatcher;

  /** `clock`: milliseconds since 1970. */
  constructor(settings: WebhookSettings, clock: () => number) {
    this.name = settings.name;
    this.#settings = settings;
    this.#clock = clock;
    this.#dispatcher = outgoingDispatcher({
      url: settings.url,
      ca: settings.ca,
      owner: `channel ${settings.name}`,
      headersTimeout: ANSWER_TIMEOUT,
      bodyTimeout: ANSWER_TIMEOUT,
    });
  }

  async send(notices: readonly Notice[], signal: AbortSignal): Promise<SendResult> {
    const now = this.#clock();
    const timestamp = Math.floor(now / 1000);
    const delivery = deliveryId(notices);
    const body = jsonLine({ version: 1, delivery, sent: new Date(now).toISOString(), notices });
    try {
      const {
        statusCode,
        headers,
        body: answer,
      } = await request(this.#settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `certsweep-collector/${collectorVersion}`,
          'certsweep-delivery': delivery,
          [TIMESTAMP_HEADER]: String(timestamp),
          [SIGNATURE_HEADER]: signBody(this.#settings.secret, timestamp, body),
        },
        body,
        dispatcher: this.#dispatcher,
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT)]),
      });
      await answer.dump({ limit: MOST_ANSWER });
      return toResult(statusCode, retryAfterMs(headers['retry-after'], now));
    } catch (error) {
      return { kind: 'retry', reason: reasonOf(error) };
    }
  }

  /** Ends a request that is on its way. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

function toResult(status: number, afterMs: number): SendResult {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `the receiver answered ${status}`;
  if (status >= 500 || TRY_AGAIN.has(status)) return { kind: 'retry', reason, afterMs };
  const redirect = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return { kind: 'refused', reason: reason + redirect, ofContent: OF_CONTENT.has(status) };
}

/** The same notices sent again have the same. */
function deliveryId(notices: readonly Notice[]): string {
  const ids = notices.map(({ id }) => id).join('\n');
  return createHash('sha256').update(ids).digest('hex').slice(0, 32);
}
