import { setTimeout as sleep } from 'node:timers/promises';
import type { Bodies, Body } from './bodies.ts';

/** Agents that send at the same time. */
const SENDERS = 4;
/** Under the 600 requests a minute that a reader's token has. */
const QUERY_EVERY_MS = 150;

/** The hunt of Azure-Sentinel's rule for TightVNC, as it is written there. */
const TIGHTVNC = `let Time_start = now(-5d);
let Time_end = now();
DeviceFileCertificateInfo
| where Timestamp between (Time_start..Time_end)
| where Signer has 'glavsoft'
| summarize FirstSeen=min(Timestamp), LastSeen=max(Timestamp),
    Report=make_set(ReportId), Count=count() by DeviceId, DeviceName`;

export interface LoadTarget {
  readonly url: string;
  /** In the order of Fleet.deviceIds. */
  readonly deviceTokens: readonly string[];
  readonly readerToken: string;
}

export interface LoadFigures {
  readonly rows: number;
  readonly seconds: number;
  /** Answered 503 and sent again. */
  readonly busy: number;
  /** Milliseconds of each query, ascending. */
  readonly queries: readonly number[];
  /** Devices in the last answer. */
  readonly found: number;
}

/** Sends batches until `rows` are acknowledged, while a reader asks for TightVNC as of the newest sweep. */
export async function load(target: LoadTarget, bodies: Bodies, rows: number): Promise<LoadFigures> {
  let [sent, busy, found, newest] = [0, 0, 0, 0];
  let sending = true;
  const queries: number[] = [];

  async function send(): Promise<void> {
    while (sent < rows) {
      const body = bodies.take();
      if (!body) return;
      sent += body.rows;
      while (!(await post(target, body))) busy += 1;
      newest = Math.max(newest, body.time);
    }
  }
  async function ask(): Promise<void> {
    while (sending) {
      const started = performance.now();
      const answer = await query(target, TIGHTVNC, new Date(newest || Date.now()).toISOString());
      queries.push(performance.now() - started);
      found = answer.length;
      await sleep(QUERY_EVERY_MS);
    }
  }

  const started = performance.now();
  const asking = ask();
  await Promise.all(Array.from({ length: SENDERS }, send));
  const seconds = (performance.now() - started) / 1000;
  sending = false;
  await asking;
  return { rows: sent, seconds, busy, found, queries: queries.toSorted((a, b) => a - b) };
}

/** How many rows the collector says that it has. */
export async function countRows(target: LoadTarget): Promise<number> {
  const [[count] = []] = await query(target, 'AgentFileCertificateInfo | count', undefined);
  return Number(count);
}

/** False where the collector is busy. Throws for any other answer than a batch that was new. */
async function post({ url, deviceTokens }: LoadTarget, body: Body): Promise<boolean> {
  const answer = await fetch(`${url}/v1/tables/AgentFileCertificateInfo/rows`, {
    method: 'POST',
    body: body.bytes,
    headers: {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'zstd',
      'certsweep-batch': body.id,
      authorization: `Bearer ${deviceTokens[body.device]}`,
    },
  });
  const text = await answer.text();
  if (answer.status === 503) {
    await sleep(100);
    return false;
  }
  const { stored } = JSON.parse(text) as { stored?: number };
  if (answer.status !== 200 || stored !== body.rows)
    throw new Error(`a batch of ${body.rows} rows is answered ${answer.status}: ${text}`);
  return true;
}

async function query(
  { url, readerToken }: LoadTarget,
  text: string,
  now: string | undefined,
): Promise<unknown[][]> {
  const answer = await fetch(`${url}/v1/query`, {
    method: 'POST',
    body: JSON.stringify({ query: text, now }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${readerToken}` },
  });
  const json = (await answer.json()) as { rows?: unknown[][] };
  if (answer.status !== 200 || !json.rows)
    throw new Error(`the query is answered ${answer.status}: ${JSON.stringify(json)}`);
  return json.rows;
}
