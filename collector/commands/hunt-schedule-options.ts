import { readApprovals } from '../approvals/read-approvals.ts';
import type { CollectorLog } from '../log/collector-log.ts';
import { readNotifySettings } from '../notify/read-settings.ts';
import type { NotifySettings } from '../notify/settings.ts';
import { ALL_RULES, enabledRules } from '../schedule/enabled-rules.ts';
import { Hunts } from '../schedule/hunts.ts';
import type { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from './duration.ts';

/** Above it a run would look back further than its first one did. */
const MOST_DAYS = 1;

export interface HuntScheduleOptions {
  readonly huntEvery?: string;
  readonly huntRules?: readonly string[];
  readonly notify?: string;
}

/** What `serve` is to hunt for, and whom to tell. */
export interface ScheduledHunts {
  /** As it was written. */
  readonly every: string;
  readonly everyMs: number;
  /** As --hunt-rules names them. */
  readonly rules: readonly string[];
  readonly notify: NotifySettings | undefined;
}

/** Undefined without --hunt-every. Throws UsageError for what cannot be, and for a settings file that others can read. */
export function parseHuntSchedule(options: HuntScheduleOptions): ScheduledHunts | undefined {
  const { huntEvery, huntRules, notify } = options;
  if (huntEvery === undefined) {
    if (huntRules !== undefined || notify !== undefined)
      throw new UsageError(
        '--hunt-rules and --notify need --hunt-every, as 15m: nothing would run',
      );
    return undefined;
  }
  return {
    every: huntEvery,
    everyMs: parseDuration(huntEvery, '--hunt-every', MOST_DAYS),
    rules: huntRules ?? [ALL_RULES],
    notify: notify === undefined ? undefined : readNotifySettings(notify),
  };
}

/** Opens the hunts of a data folder; they do not run yet. */
export async function openHunts(
  { everyMs, rules, notify }: ScheduledHunts,
  { data, store, log }: { data: string; store: SqliteStore; log: CollectorLog },
): Promise<Hunts> {
  return new Hunts({
    ...{ dataFolder: data, store, everyMs, notify, log, clock: Date.now },
    rules: await enabledRules(store, rules),
    // Read anew at each run: what the command line approves or withdraws counts at the next one.
    approvals: () => readApprovals(data),
  });
}

/** For the lines that `serve` begins with. */
export function huntWords({ every, rules, notify }: ScheduledHunts): string {
  const channels = notify?.channels.map(({ name, kind }) => `${name} (${kind})`);
  const whom = channels ? `notices go to ${channels.join(', ')}` : 'nobody is told: no --notify';
  return `every ${every}, rules: ${rules.join(', ')}; ${whom}`;
}
