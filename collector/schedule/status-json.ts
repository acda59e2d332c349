import type { HuntStatus } from './hunt-status.ts';

/** The state of scheduled hunts as `GET /v1/hunts` and `hunts list --format json` give it: times are ISO 8601. */
export function statusJson(status: HuntStatus & { readonly running?: boolean }) {
  const { everyMs, next, lastRun, rules, findings, owed, channels, running } = status;
  return {
    everySeconds: (everyMs ?? 0) / 1000,
    ...(running !== undefined && { running }),
    nextRun: iso(next ?? 0),
    lastRun: lastRun ? runJson(lastRun) : null,
    rules: rules.map(({ id, name, mark, error }) => ({ id, name, lookedUntil: iso(mark), error })),
    findings,
    noticesOwed: owed,
    channels: channels.map((channel) => ({
      ...{ name: channel.name, kind: channel.kind, waiting: channel.waiting },
      ...{ refused: channel.refused, dropped: channel.dropped, failures: channel.failures },
      oldestWaiting: channel.oldest === null ? null : iso(channel.oldest),
      nextAttempt: channel.failures === 0 ? null : iso(channel.retryTime),
      problem: channel.problem,
      lastDelivery: channel.lastDelivery === null ? null : iso(channel.lastDelivery),
    })),
  };
}

function runJson(run: NonNullable<HuntStatus['lastRun']>) {
  const { why, started, ended, rules, failed, found, fresh, notices, unkept } = run;
  return {
    ...{ why, started: iso(started), ended: iso(ended), rules, failed },
    ...{ found, fresh, notices, unkept },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
