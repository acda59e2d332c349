import type { Hunts } from '../schedule/hunts.ts';
import type { CollectorMetrics } from './collector-metrics.ts';

/** Gauges of the scheduled hunts; read at each scrape. */
export function addHuntGauges(metrics: CollectorMetrics, hunts: Hunts): void {
  let status = hunts.status();
  metrics.beforeScrape(async () => {
    status = hunts.status();
  });
  metrics.gauge('hunt_last_run_time_seconds', 'When the last run of hunts began.', () =>
    status.lastRun ? status.lastRun.started / 1000 : undefined,
  );
  metrics.gauge(
    'hunt_last_run_duration_seconds',
    'How long it took.',
    () => status.lastRun && (status.lastRun.ended - status.lastRun.started) / 1000,
  );
  metrics.gauge('hunt_next_run_time_seconds', 'When the next is due, since 1970.', () =>
    status.next === undefined ? undefined : status.next / 1000,
  );
  metrics.gauge(
    'hunt_rules_failed',
    'Rules whose last run failed.',
    () => status.rules.filter(({ error }) => error !== null).length,
  );
  metrics.gauge('findings', 'Findings that are kept, by state and grade.', () =>
    status.findings.map(({ state, grade, count }) => [{ state, grade }, count] as const),
  );
  metrics.gauge('findings_without_notice', 'Findings whose notice is owed.', () => status.owed);
  metrics.gauge('outbox_length', 'Notices that channels have not taken, by state.', () =>
    status.channels.flatMap(({ name, waiting, refused }) => [
      [{ channel: name, state: 'waiting' }, waiting] as const,
      [{ channel: name, state: 'refused' }, refused] as const,
    ]),
  );
  metrics.gauge('outbox_oldest_time_seconds', 'When the oldest that waits was made.', () =>
    status.channels.map(({ name, oldest }) => [
      { channel: name },
      oldest === null ? undefined : oldest / 1000,
    ]),
  );
  metrics.gauge('notify_failures', 'Failures in a row, by channel.', () =>
    status.channels.map(({ name, failures }) => [{ channel: name }, failures] as const),
  );
  metrics.gauge('notify_dropped', 'Notices left out, since too many waited.', () =>
    status.channels.map(({ name, dropped }) => [{ channel: name }, dropped] as const),
  );
}
