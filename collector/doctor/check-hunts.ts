import { existsSync } from 'node:fs';
import { type HuntStatus, readHuntStatus } from '../schedule/hunt-status.ts';
import { huntsFile, openHuntsDatabase } from '../schedule/hunts-schema.ts';
import { StoreError } from '../store/store-error.ts';
import { UsageError } from '../usage-error.ts';
import { counted, type Finding, fail, ok, warn } from './finding.ts';

const HOUR_MS = 3_600_000;
/** A notice that waits for so long is not held up by a restart of its receiver. */
const STUCK_MS = HOUR_MS;
/** Intervals that a run may be late. */
const MOST_LATE = 3;

/** The scheduled hunts: whether they run, and whether anybody hears of it. `nowMs`: milliseconds since 1970. */
export function checkHunts(dataFolder: string, nowMs: number): readonly Finding[] {
  if (!existsSync(huntsFile(dataFolder))) return [];
  try {
    const db = openHuntsDatabase(dataFolder);
    try {
      return huntFindings(readHuntStatus(db), nowMs);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StoreError)) throw error;
    return [fail('hunts', error.message, 'no hunt runs until then')];
  }
}

export function huntFindings(status: HuntStatus, nowMs: number): readonly Finding[] {
  const notices = status.channels.flatMap((channel) => channelFindings(channel, nowMs));
  return [
    runs(status, nowMs),
    ...(notices.length > 0 ? notices : [ok('notices', 'none waits for long, none was refused')]),
  ];
}

function runs({ next, everyMs = 0, lastRun, rules }: HuntStatus, nowMs: number): Finding {
  if (next === undefined) return ok('hunts', 'no collector runs hunts here now');
  const failed = rules.filter(({ error }) => error !== null);
  if (failed.length > 0)
    return warn(
      'hunts',
      `${counted(failed.length, 'rule')} failed in the last run: ${failed[0]?.name}: ${failed[0]?.error}`,
      'each is repeated from where it stood; the log of serve says more',
    );
  if (nowMs - next > MOST_LATE * everyMs)
    return warn(
      'hunts',
      `the run of ${new Date(next).toISOString()} has not been`,
      'start serve with --hunt-every; if it runs, look at its log',
    );
  const last = lastRun ? new Date(lastRun.started).toISOString() : 'never';
  return ok('hunts', `last run ${last}, next ${new Date(next).toISOString()}`);
}

function channelFindings(
  { name, waiting, oldest, refused, dropped, problem }: HuntStatus['channels'][number],
  nowMs: number,
): readonly Finding[] {
  const why = problem === null ? '' : `: ${problem}`;
  const findings: Finding[] = [];
  if (refused > 0)
    findings.push(
      fail(
        'notices',
        `${name} has refused ${counted(refused, 'notice')}${why}`,
        'repair the receiver or the settings, then certsweep-collector hunts retry',
      ),
    );
  if (oldest !== null && nowMs - oldest > STUCK_MS)
    findings.push(
      fail(
        'notices',
        `${counted(waiting, 'notice')} for ${name} wait, the oldest since ${new Date(oldest).toISOString()}${why}`,
        'repair the receiver or the settings; serve sends them by itself',
      ),
    );
  if (dropped > 0)
    findings.push(
      warn(
        'notices',
        `${counted(dropped, 'notice')} for ${name} were left out, because too many waited`,
        'certsweep-collector hunts show lists every finding',
      ),
    );
  return findings;
}
