import { type Dispatcher, request } from 'undici';
import { ExportError } from '../../parsers/exports/export-error.ts';
import { readExportBatches } from '../../parsers/exports/read-export.ts';
import { retryAfterMs } from '../../parsers/http/retry-after.ts';
import { printable } from '../../parsers/record/printable.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { reasonOf } from '../notify/channel.ts';
import { UsageError } from '../usage-error.ts';
import { collectorVersion } from '../version.ts';
import { AnswerFile } from './answer-file.ts';
import type { LiveService } from './live-service.ts';
import { windowQuery } from './window-query.ts';

/** What became of one request. `reason` is a sentence without its stop. */
export type QueryOutcome =
  /** Read to its end and below every limit. Whoever takes it closes the file. */
  | { readonly kind: 'whole'; readonly file: AnswerFile; readonly rows: number }
  /** There is more than one answer may have: ask for less. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** Not now: `afterMs` is what the service asks for, 0 where nothing. */
  | { readonly kind: 'not-now'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Bytes of one answer: both services end theirs earlier. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Bytes of an error that are looked at, and characters that are shown. */
const ERROR_BYTES = 64 * 1024;
const ERROR_SHOWN = 400;
/** Source: RFC 9110 §15.5.9, §15.6; RFC 6585 §4. */
const TRY_AGAIN: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** How the services say that an answer would be too large. Source: Defender XDR, "Advanced hunting API"; Kusto, "Query limits". */
const TOO_LARGE =
  /allowed result size|ResultSizeLimit|RESULT_SET_TOO_LARGE|response size|too many rows/i;

/** Posts the query of one window. Redirects are not followed: the token is for this host alone. */
export async function runQuery(
  service: LiveService,
  window: TimeWindow,
  token: string,
  dispatcher: Dispatcher,
  timeoutMs: number,
): Promise<QueryOutcome> {
  const file = new AnswerFile();
  let outcome: QueryOutcome | undefined;
  try {
    const received = await receive(service, window, token, dispatcher, timeoutMs, file);
    outcome = 'kind' in received ? received : await judge(service, received, file);
    return outcome;
  } finally {
    if (outcome?.kind !== 'whole') file.close();
  }
}

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** False where the body is longer than what is kept. */
  readonly isWhole: boolean;
}

/** Sends the request and puts the body of its answer into `file`. What breaks on the way there or back may work later. */
async function receive(
  service: LiveService,
  window: TimeWindow,
  token: string,
  dispatcher: Dispatcher,
  timeoutMs: number,
  file: AnswerFile,
): Promise<Received | QueryOutcome> {
  try {
    const { statusCode, headers, body } = await request(service.url, {
      method: 'POST',
      headers: {
        ...service.headers,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': `certsweep-collector/${collectorVersion}`,
      },
      body: JSON.stringify(service.body(windowQuery(window), window)),
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const isWhole = await fill(file, body, statusCode === 200 ? MOST_BYTES : ERROR_BYTES);
    return { status: statusCode, headers, isWhole };
  } catch (error) {
    if (error instanceof UsageError) throw error; // of the file
    return { kind: 'not-now', reason: reasonOf(error), afterMs: 0 };
  }
}

async function judge(
  service: LiveService,
  { status, headers, isWhole }: Received,
  file: AnswerFile,
): Promise<QueryOutcome> {
  if (status !== 200) return failure(service, status, headers, file);
  if (!isWhole)
    return { kind: 'too-large', reason: `the answer is longer than ${MOST_BYTES} bytes` };
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return { kind: 'refused', reason: 'the answer is compressed, which was not asked for' };
  return judgeRows(service, file);
}

/** False where the body is longer than `most`; the rest is not read. */
async function fill(file: AnswerFile, body: AsyncIterable<Uint8Array>, most: number) {
  for await (const chunk of body) {
    if (file.size + chunk.length > most) return false;
    file.append(chunk);
  }
  return true;
}

/** Reads the answer to its end, by the same reader as its rows are read with later. */
async function judgeRows(service: LiveService, file: AnswerFile): Promise<QueryOutcome> {
  const { format, mostRows } = service;
  let rows = 0;
  try {
    for await (const items of readExportBatches(file.chunks(), { name: 'the answer', format }))
      for (const { kind } of items) if (kind === 'row' || kind === 'bad') rows += 1;
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    const reason = printable(error.message).slice(0, ERROR_SHOWN);
    switch (error.code) {
      case 'truncated':
      case 'empty':
        return { kind: 'not-now', reason, afterMs: 0 };
      case 'partial-result':
      case 'service-error':
        return { kind: 'too-large', reason };
      default:
        return { kind: 'refused', reason };
    }
  }
  if (rows < mostRows) return { kind: 'whole', file, rows };
  return { kind: 'too-large', reason: `${rows} rows, as many as one answer may have` };
}

async function failure(
  { name, permission }: LiveService,
  status: number,
  headers: Received['headers'],
  file: AnswerFile,
): Promise<QueryOutcome> {
  const text = await readText(file);
  const said = text === '' ? '' : `: ${printable(text).slice(0, ERROR_SHOWN)}`;
  const reason = `${name} answered ${status}`;
  if (TRY_AGAIN.has(status))
    return {
      kind: 'not-now',
      reason: reason + said,
      afterMs: retryAfterMs(headers['retry-after'], Date.now()),
    };
  if ((status === 400 || status === 413) && (status === 413 || TOO_LARGE.test(text)))
    return { kind: 'too-large', reason: reason + said };
  if (status >= 300 && status < 400)
    return {
      kind: 'refused',
      reason: `${reason}, a redirect, which is not followed: the token is for this host alone`,
    };
  if (status === 401)
    return {
      kind: 'refused',
      reason: `${reason}: the token is not valid here or has ended (they last an hour). It must be good for ${permission}${said}`,
    };
  if (status === 403)
    return { kind: 'refused', reason: `${reason}: the token lacks ${permission}${said}` };
  return { kind: 'refused', reason: reason + said };
}

/** The message of an error in JSON, else the text. */
async function readText(file: AnswerFile): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.chunks()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8').trim();
  try {
    const { error } = JSON.parse(text);
    return [error?.code, error?.message, error?.innererror?.message]
      .filter((part) => typeof part === 'string')
      .join(': ');
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return text.startsWith('<') ? '' : text;
  }
}
