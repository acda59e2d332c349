import { existsSync } from 'node:fs';
import { doorsFile } from '../doors/open-doors.ts';
import { readAudit } from '../doors/read-audit.ts';
import { toTable } from '../print/table.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from './duration.ts';

/** Events printed at once. */
const MOST = 100_000;
const MAX_DAYS = 3_660;
const NAMES = ['Time', 'Event', 'From', 'Token', 'Name', 'What', 'Outcome', 'Ms', 'Query'] as const;

/** `audit`: the events of the last `since`, oldest first, as a table or as the lines of the log. */
export async function audit(options: {
  readonly data: string;
  readonly since: string;
  readonly format: 'table' | 'json';
}): Promise<void> {
  const since = Date.now() - parseDuration(options.since, '--since', MAX_DAYS);
  if (!existsSync(doorsFile(options.data)))
    throw new UsageError(`no collector has served ${options.data}: check --data`);
  const { events, more, unreadable } = await readAudit(options.data, { since, limit: MOST });
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify(events, undefined, 1)}\n`);
  } else if (events.length === 0) {
    process.stdout.write(`Nothing in the last ${options.since}.\n`);
  } else {
    const columns = NAMES.map((name) => ({ name, type: 'string' }) as const);
    const rows = events.map((event) => [
      ...[event.time, event.event, event.address, event.tokenId ?? '', event.tokenName ?? ''],
      ...[event.what, event.outcome ?? '', String(event.milliseconds ?? ''), event.query ?? ''],
    ]);
    process.stdout.write(toTable({ columns, rows }, Math.max(process.stdout.columns ?? 0, 80)));
  }
  if (more) process.stderr.write(`older ones are left out: these are the last ${MOST}\n`);
  if (unreadable > 0)
    process.stderr.write(`${unreadable} lines of the audit log are cut off and were left out\n`);
}
