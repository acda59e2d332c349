import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { TableName } from '../../parsers/record/columns.ts';

/** The collector did not take a batch. The message says what happened and is for the user. */
export class ShipError extends Error {
  override readonly name = 'ShipError';
}

/** Waits before the second, third and fourth try, in milliseconds. The durable spool comes with a later issue. */
const RETRY_DELAYS = [500, 1000, 2000];
/** The collector may ask for more patience than that, up to: */
const MAX_RETRY_AFTER = 30_000;
const REQUEST_TIMEOUT = 60_000;
/** Bytes of an answer that are read. */
const ANSWER_LIMIT = 64 * 1024;
/** Too busy or restarting: the same batch may well pass later. */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface CollectorAddress {
  readonly url: URL;
  readonly token: string | undefined;
}

/**
 * Sends rows to the collector; resolves when it has stored them durably. Sending the same body again changes nothing
 * there, so a lost answer costs a retry and no double rows.
 */
export async function postRows(
  { url, token }: CollectorAddress,
  table: TableName,
  body: string,
): Promise<void> {
  const batch = createHash('sha256').update(body).digest('hex');
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'zstd',
    'certsweep-batch': batch,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const target = new URL(`${url.pathname.replace(/\/$/, '')}/v1/tables/${table}/rows`, url);
  const compressed = await promisify(zstdCompress)(body);
  for (const delay of [...RETRY_DELAYS, undefined]) {
    const answer = await post(target, headers, compressed);
    if (answer.status === 200 && acknowledged(answer.text, batch)) return;
    const final = delay === undefined || !(answer.status === 0 || TRY_AGAIN.has(answer.status));
    if (final) throw new ShipError(`${target.href}: ${whatItSaid(answer)}`);
    await pause(Math.max(delay, answer.retryAfter));
  }
}

interface Answer {
  /** HTTP status, 0 where there was no answer. */
  readonly status: number;
  readonly text: string;
  /** Milliseconds. */
  readonly retryAfter: number;
}

async function post(target: URL, headers: Record<string, string>, body: Buffer): Promise<Answer> {
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers,
      body: Uint8Array.from(body),
      redirect: 'error', // the token is for this host alone
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    });
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    const retryAfter = Math.min(seconds > 0 ? seconds * 1000 : 0, MAX_RETRY_AFTER);
    return { status: response.status, text: await firstBytes(response), retryAfter };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return { status: 0, text: cause?.code ?? cause?.message ?? message, retryAfter: 0 };
  }
}

async function firstBytes(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, ANSWER_LIMIT);
}

/** A proxy's friendly page with status 200 is not an acknowledgement: the collector names the batch. */
function acknowledged(text: string, batch: string): boolean {
  try {
    return (JSON.parse(text) as { batch?: unknown } | null)?.batch === batch;
  } catch {
    return false;
  }
}

function whatItSaid({ status, text }: Answer): string {
  if (status === 0) return `no answer (${text})`;
  if (status === 200) return 'answered 200, but not as a collector does; is the address right?';
  return `answered ${status}: ${messageOf(text)}`;
}

/** The collector's errors are `{error: {code, message, ...}}`. */
function messageOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    if (typeof error?.message === 'string') return error.message;
  } catch {
    // Not JSON: somebody else's error page, shown as it is.
  }
  return text.slice(0, 200);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
