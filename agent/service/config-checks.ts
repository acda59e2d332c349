import { isLoopback } from '../ship/collector-address.ts';
import type { Config, ConfigKey } from './config-keys.ts';
import type { ConfigProblem, Given } from './config-source.ts';

const DAY = 86_400_000;
const MOST_THREADS = 64;

/** What is wrong with values that are right by themselves. */
export function checkConfig(config: Config, given: ReadonlyMap<ConfigKey, Given>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (key: ConfigKey, message: string) =>
    problems.push({ place: given.get(key)?.place, key, message });
  const every = config['schedule.every'];

  if (every === 0) refuse('schedule.every', 'a duration above 0 is wanted');
  if (every > config.resend_days * DAY)
    refuse(
      'schedule.every',
      `is longer than resend_days (${config.resend_days}): files that did not change would leave the collector's window between two sweeps`,
    );
  if (config['schedule.jitter'] > every) refuse('schedule.jitter', 'is longer than schedule.every');
  if (config['schedule.at'] !== undefined && every % DAY !== 0)
    refuse('schedule.every', 'whole days are wanted where schedule.at is given');
  if (config.threads > MOST_THREADS) refuse('threads', `at most ${MOST_THREADS}`);

  const url = config['collector.url'];
  if (url.protocol === 'http:' && !isLoopback(url))
    refuse('collector.url', 'the token would cross the network in clear: use https');
  if (url.protocol === 'http:' && config['collector.ca'] !== undefined)
    refuse('collector.ca', 'is of no use with an http address');
  return problems;
}
