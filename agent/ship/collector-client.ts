import { type Dispatcher, request } from 'undici';
import { retryAfterMs } from '../../parsers/http/retry-after.ts';
import { addressBelow, type CollectorAddress } from './collector-address.ts';
import { dispatcherFor } from './dispatcher.ts';

/** What came back, whoever sent it. */
export type Answer =
  | { readonly kind: 'none'; readonly code: string; readonly message: string }
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** The first 64 KB. */
      readonly text: string;
      /** Milliseconds; 0 where nothing was asked for. */
      readonly retryAfter: number;
    };

/** Bytes of an answer that are read. */
const ANSWER_LIMIT = 64 * 1024;
/** Of one request from its start to its end. */
const REQUEST_TIMEOUT = 120_000;

/** One HTTP request at a time to one collector. Redirects are not followed: the token is for this host alone. */
export class CollectorClient {
  readonly url: URL;
  readonly #dispatcher: Dispatcher;

  constructor(address: CollectorAddress) {
    this.url = address.url;
    this.#dispatcher = dispatcherFor(address);
  }

  async post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | string,
  ): Promise<Answer> {
    try {
      const response = await request(addressBelow(this.url, path), {
        method: 'POST',
        headers,
        body,
        dispatcher: this.#dispatcher,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      });
      return {
        kind: 'answer',
        status: response.statusCode,
        text: await firstBytes(response.body),
        retryAfter: retryAfterMs(response.headers['retry-after'], Date.now()),
      };
    } catch (error) {
      return { kind: 'none', ...reasonOf(error) };
    }
  }

  /** Ends a request that is on its way. */
  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }
}

async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, ANSWER_LIMIT);
}

/** Where several addresses of one name were tried, the error holds one error for each. */
function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error ? String(error.code) : error.name;
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return reasonOf(cause);
  return { code, message: error.message };
}
