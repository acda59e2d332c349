import type { DatabaseSync } from 'node:sqlite';
import type { Approval } from '../approvals/approval.ts';
import type { FindingRule } from '../findings/finding-rule.ts';
import type { CollectorLog } from '../log/collector-log.ts';
import { openChannel } from '../notify/open-channel.ts';
import type { NotifySettings } from '../notify/settings.ts';
import type { Store } from '../store/store.ts';
import { Delivery } from './delivery.ts';
import { FindingBook } from './finding-book.ts';
import { type FindingFilter, type ListedFinding, listFindings } from './finding-list.ts';
import { HuntSchedule } from './hunt-schedule.ts';
import { type HuntStatus, readHuntStatus } from './hunt-status.ts';
import { openHuntsDatabase } from './hunts-schema.ts';
import { Outbox } from './outbox.ts';
import { RunBook } from './run-book.ts';
import { runHunts } from './run-hunts.ts';

export interface HuntsOptions {
  readonly dataFolder: string;
  readonly store: Pick<Store, 'run'>;
  readonly rules: readonly FindingRule[];
  readonly everyMs: number;
  /** Undefined: findings are kept, and nobody is told. */
  readonly notify: NotifySettings | undefined;
  readonly approvals: () => readonly Approval[];
  readonly log: CollectorLog;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** The scheduled hunts of a collector: when they run, what they found, and who is told. */
export class Hunts {
  readonly #db: DatabaseSync;
  readonly #schedule: HuntSchedule;
  readonly #delivery: Delivery;

  /** Opens `hunts.sqlite`; nothing runs before start(). Throws UsageError where a channel cannot be opened. */
  constructor(options: HuntsOptions) {
    const { dataFolder, notify, everyMs, log, clock } = options;
    const channels = (notify?.channels ?? []).map((each) => openChannel(each, clock));
    this.#db = openHuntsDatabase(dataFolder);
    const outbox = new Outbox(this.#db, channels);
    const runs = new RunBook(this.#db);
    const findings = new FindingBook(this.#db, notify?.nameOnly ?? false);
    const onError = (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log.error('hunt', `hunts.sqlite or the approvals could not be used: ${reason}`);
    };
    for (const name of outbox.abandoned())
      log.warn(
        'notify',
        `notices wait for ${name}, to which nobody sends any more: put it back into --notify`,
      );
    outbox.fill(clock()); // of a run that a kill has cut off
    const parts = { ...options, findings, runs, outbox };
    const run = (why: string, stopping: AbortSignal) => runHunts(parts, why, stopping);
    this.#schedule = new HuntSchedule({ runs, everyMs, clock, onError, run });
    this.#delivery = new Delivery({ channels, outbox, log, clock, chance: Math.random, onError });
  }

  start(): void {
    this.#schedule.start();
    this.#delivery.start();
  }

  /** Ends a run and what is on its way; both go on after the next start. */
  async stop(): Promise<void> {
    await Promise.all([this.#schedule.stop(), this.#delivery.stop()]);
    this.#db.close();
  }

  /** Begins a run now; false where one is in progress. `why`: who asked. */
  runNow(why: string): boolean {
    return this.#schedule.runNow(why);
  }

  status(): HuntStatus & { readonly running: boolean } {
    return { ...readHuntStatus(this.#db), running: this.#schedule.isRunning };
  }

  list(filter: FindingFilter): readonly ListedFinding[] {
    return listFindings(this.#db, filter);
  }
}
