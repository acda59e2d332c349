import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { identifyDevice } from '../device.ts';
import type { Config } from './config-keys.ts';
import { nextSweep } from './schedule.ts';
import { lastStartMs, type SweepHistory } from './sweep-history.ts';

/** There where systemd is the system's manager. Source: sd_booted(3). */
const BOOTED = '/run/systemd/system';
const SYSTEMCTL = '/usr/bin/systemctl';

/** When the installed timer starts the next sweep, as systemd says it; undefined where it does not. */
export function timerStart(): string | undefined {
  if (!existsSync(BOOTED) || !existsSync(SYSTEMCTL)) return undefined;
  try {
    const args = ['show', 'certsweep.timer', '--property=NextElapseUSecRealtime', '--value'];
    const said = execFileSync(SYSTEMCTL, args, { encoding: 'utf8', timeout: 10_000 }).trim();
    return said === '' || said === 'n/a' ? undefined : said;
  } catch {
    return undefined; // the timer is not known there
  }
}

/** When a `run` that waits would start the next sweep, in ISO 8601. */
export async function scheduledStart(config: Config, history: SweepHistory): Promise<string> {
  const nowMs = Date.now();
  const { id } = await identifyDevice({ id: config['device.id'], name: config['device.name'] });
  const schedule = {
    everyMs: config['schedule.every'],
    jitterMs: config['schedule.jitter'],
    at: config['schedule.at'],
  };
  const times = { nowMs, beganMs: nowMs, lastStartMs: lastStartMs(history) };
  return new Date(nextSweep(schedule, id, times)).toISOString();
}
