import type { SweepRow } from '../../parsers/record/columns.ts';
import { type Device, identifyDevice } from '../device.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { makeStateFolder } from '../state-folder.ts';
import { agentVersion } from '../version.ts';
import type { Config } from './config-keys.ts';
import { Delivery } from './delivery.ts';
import { runSweep } from './run-sweep.ts';
import type { ServiceLog } from './service-log.ts';
import { lastStartMs, readHistory, type SweepAttempt, writeHistory } from './sweep-history.ts';
import { SweepTimer, systemClock } from './sweep-timer.ts';

/** A sweep that could not begin or ended in an error is tried again after this; so is one that took the process with it. */
const AGAIN_MS = 15 * 60_000;

/** The service under one configuration. */
export class ServicePeriod {
  readonly #config: Config;
  readonly #log: ServiceLog;
  readonly #device: Device;
  readonly #delivery: Delivery;

  /** Throws CommandError where the state folder or what the configuration names cannot be used. */
  static async open(config: Config, log: ServiceLog): Promise<ServicePeriod> {
    makeStateFolder(config.state);
    const device = await identifyDevice({ id: config['device.id'], name: config['device.name'] });
    const period = new ServicePeriod(config, log, device);
    log.info('started', `certsweep ${agentVersion} runs for ${device.name}`, {
      version: agentVersion,
      pid: process.pid,
      deviceId: device.id,
      deviceName: device.name,
      collector: config['collector.url'].href,
      state: config.state,
    });
    return period;
  }

  private constructor(config: Config, log: ServiceLog, device: Device) {
    this.#config = config;
    this.#log = log;
    this.#device = device;
    this.#delivery = new Delivery(config, device, log, systemClock);
  }

  /** One sweep and the delivery of all that waits. Returns the exit status. */
  async sweepOnce(stop: AbortSignal): Promise<number> {
    const sending = new AbortController();
    const whileSweeping = this.#delivery.keepSending(sending.signal, stop);
    const row = await this.#sweep(stop);
    sending.abort();
    await whileSweeping;
    if (stop.aborted) return exitStatus.interrupted;
    const delivered = await this.#delivery.sendAll();
    return row !== undefined && delivered ? exitStatus.done : exitStatus.failed;
  }

  /** Sweeps whenever it is time and sends in between, until `signal` is aborted. Only `stop` interrupts a sweep. */
  async sweepUntil(signal: AbortSignal, stop: AbortSignal): Promise<void> {
    const stopSending = new AbortController();
    const noMore = AbortSignal.any([stop, stopSending.signal]);
    const sending = this.#delivery.keepSending(noMore, noMore);
    const timer = new SweepTimer(this.#schedule(), this.#device.id, systemClock);
    this.#afterCrash(timer);
    while (!signal.aborted) {
      const last = lastStartMs(readHistory(this.#config.state));
      const due = new Date(timer.dueMs(last)).toISOString();
      this.#log.info('next-sweep', `the next sweep is due at ${due}`, { due });
      await timer.wait(last, signal);
      if (signal.aborted) break;
      timer.started();
      if ((await this.#sweep(stop)) === undefined) timer.started(this.#pauseAfterFailure());
    }
    stopSending.abort();
    await sending;
  }

  close(): Promise<void> {
    return this.#delivery.close();
  }

  /** undefined where it failed, which is then said. */
  async #sweep(stop: AbortSignal): Promise<SweepRow | undefined> {
    const { state } = this.#config;
    const before = readHistory(state);
    const attempt: SweepAttempt = { startMs: Date.now() };
    writeHistory(state, { ...before, attempt });
    this.#log.info('sweep-started', 'a sweep begins', { paths: this.#config.paths });
    try {
      const row = await runSweep(this.#config, this.#delivery.spool, this.#log, stop);
      const outcome = row.Interrupted ? 'interrupted' : row.Complete ? 'complete' : 'incomplete';
      const last = row.Interrupted ? before.last : row;
      writeHistory(state, { last, attempt: { ...attempt, endMs: Date.now(), outcome } });
      this.#logRow(row, outcome);
      return row;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const { message: problem } = error;
      const failed = { ...attempt, endMs: Date.now(), outcome: 'failed', problem } as const;
      writeHistory(state, { ...before, attempt: failed });
      this.#log.error('sweep-failed', problem);
      return undefined;
    }
  }

  #logRow(row: SweepRow, outcome: string): void {
    const { ScanId, StartTime, EndTime, Files, Images, Records, Signed, Flagged, Skipped } = row;
    const fields = {
      outcome,
      scanId: ScanId,
      start: StartTime,
      end: EndTime,
      files: Files,
      unchanged: row.Unchanged,
      images: Images,
      records: Records,
      signed: Signed,
      flagged: Flagged,
      lookAlikeFiles: row.LookAlikeFiles,
      goneFlagged: row.GoneFlagged,
      malformed: row.Malformed,
      skipped: Skipped,
    };
    const message = `the sweep is ${outcome}: ${Files} files, ${Flagged} flagged records, ${row.LookAlikeFiles} look-alikes`;
    if (outcome === 'complete') this.#log.info('sweep-ended', message, fields);
    else this.#log.warn('sweep-ended', message, fields);
  }

  /** What ended without saying so was killed, or kills: the next one does not follow at once. */
  #afterCrash(timer: SweepTimer): void {
    const { attempt } = readHistory(this.#config.state);
    if (attempt === undefined || attempt.endMs !== undefined) return;
    const since = Date.now() - attempt.startMs;
    if (since >= 0 && since < AGAIN_MS) timer.started(this.#pauseAfterFailure());
  }

  #pauseAfterFailure(): number {
    return Math.min(AGAIN_MS, this.#config['schedule.every'] / 2);
  }

  #schedule() {
    return {
      everyMs: this.#config['schedule.every'],
      jitterMs: this.#config['schedule.jitter'],
      at: this.#config['schedule.at'],
    };
  }
}
