import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { printable } from '../../parsers/record/printable.ts';
import { counted } from '../doctor/finding.ts';
import { printFindings } from '../print/finding-rows.ts';
import { terminalWidth } from '../print/print-result.ts';
import { toTable } from '../print/table.ts';
import { type FindingState, listFindings } from '../schedule/finding-list.ts';
import { type HuntStatus, readHuntStatus, retryNow } from '../schedule/hunt-status.ts';
import { huntsFile, openHuntsDatabase } from '../schedule/hunts-schema.ts';
import { RunBook, type RunSummary } from '../schedule/run-book.ts';
import { statusJson } from '../schedule/status-json.ts';
import { UsageError } from '../usage-error.ts';
import { isServed } from './is-served.ts';

/** Milliseconds: a collector looks twice a second, unless a run is in progress. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 100;
/** Findings printed at once. */
const MOST = 100_000;

export interface HuntsOptions {
  readonly data: string;
}

/** `hunts list`: when hunts run, what the last run did, and what waits for each channel. */
export function huntsList({
  data,
  format,
}: HuntsOptions & { readonly format: 'table' | 'json' }): void {
  const status = withHunts(data, readHuntStatus);
  if (format === 'json')
    process.stdout.write(`${JSON.stringify(statusJson(status), undefined, 1)}\n`);
  else process.stdout.write(statusText(status));
}

/** `hunts show`: the findings that runs have kept. */
export function huntsShow({
  data,
  state,
  format,
}: HuntsOptions & {
  readonly state: FindingState | 'all';
  readonly format: 'table' | 'json' | 'csv';
}): void {
  const filter = { state: state === 'all' ? undefined : state, limit: MOST };
  const findings = withHunts(data, (db) => listFindings(db, filter));
  printFindings(findings, format);
  if (findings.length === MOST)
    process.stderr.write(`these are the first ${MOST}: GET /v1/findings gives all, page by page\n`);
}

/** `hunts run`: asks the collector that serves the folder for a run, and waits for its end. */
export async function huntsRun({ data }: HuntsOptions): Promise<void> {
  if (!existsSync(huntsFile(data)) || !isServed(data)) throw notServed(data);
  const db = openHuntsDatabase(data);
  try {
    const runs = new RunBook(db);
    const before = runs.last()?.id;
    const started = Date.now();
    runs.set('asked', started);
    while (runs.setting('asked') !== undefined || runs.last()?.id === before) {
      if (Date.now() - started > PATIENCE_MS) {
        runs.clear('asked');
        throw new UsageError(
          `no run ended within ${PATIENCE_MS / 1000} s: look at the log of serve, which needs --hunt-every`,
        );
      }
      await sleep(LOOK_MS);
    }
    const run = runs.last();
    if (run) process.stdout.write(`${runWords(run)}\n`);
  } finally {
    db.close();
  }
}

/** `hunts retry`: what channels have refused is sent again, and what waits is sent now. */
export function huntsRetry({ data }: HuntsOptions): void {
  const count = withHunts(data, retryNow);
  const then = isServed(data) ? 'serve sends them now' : 'serve sends them when it is started';
  process.stdout.write(`${counted(count, 'notice')} that had been refused: ${then}\n`);
}

function withHunts<Result>(data: string, work: (db: DatabaseSync) => Result): Result {
  if (!existsSync(huntsFile(data))) throw notServed(data);
  const db = openHuntsDatabase(data);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function notServed(data: string): UsageError {
  return new UsageError(
    `no collector runs hunts on ${data}: start serve --data ${data} --hunt-every 15m`,
  );
}

const CHANNEL_NAMES = ['Channel', 'Kind', 'Waiting', 'Refused', 'LeftOut', 'Delivered', 'Problem'];

function statusText(status: HuntStatus): string {
  const { next, lastRun, rules, findings, owed, channels } = status;
  const failed = rules.filter(({ error }) => error !== null);
  const kept = findings.map(
    ({ state, grade, count }) => `  ${state}, ${grade}: ${count.toLocaleString('en-US')}`,
  );
  const lines = [
    next === undefined ? 'no run is due: no collector runs hunts here' : `next run ${iso(next)}`,
    lastRun
      ? `last run ${iso(lastRun.started)} (${lastRun.why}): ${runWords(lastRun)}`
      : 'no run yet',
    ...failed.map(({ name, error }) => `failed: ${printable(name)}: ${printable(error ?? '')}`),
    kept.length > 0 ? 'findings' : 'no findings',
    ...kept,
    ...(owed > 0 ? [`  a notice is owed of ${counted(owed, 'finding')}`] : []),
    '',
  ];
  if (channels.length === 0)
    return [...lines.slice(0, -1), 'no channel: nobody is told', ''].join('\n');
  const columns = CHANNEL_NAMES.map((name) => ({ name, type: 'string' }) as const);
  const rows = channels.map((channel) => [
    ...[channel.name, channel.kind, String(channel.waiting), String(channel.refused)],
    ...[String(channel.dropped), channel.lastDelivery === null ? '' : iso(channel.lastDelivery)],
    channel.problem ?? '',
  ]);
  return lines.join('\n') + toTable({ columns, rows }, terminalWidth());
}

function runWords({ rules, failed, found, fresh, notices, started, ended }: RunSummary): string {
  const failures = failed > 0 ? `, ${failed} of them failed` : '';
  return `${counted(rules, 'rule')} in ${ended - started} ms${failures}; ${counted(found, 'finding')}, ${fresh} new; ${counted(notices, 'notice')}`;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
