import { existsSync } from 'node:fs';
import type { Device } from '../device.ts';
import { CommandError } from '../exit-status.ts';
import { collectorAddress } from '../ship/collector-address.ts';
import { enrolDevice } from '../ship/enrol-device.ts';
import { type DrainResult, Shipping, type ShippingLog } from '../ship/shipping.ts';
import { Spool } from '../ship/spool.ts';
import type { Config } from './config-keys.ts';
import type { ServiceLog } from './service-log.ts';
import type { Clock } from './sweep-timer.ts';
import { tokenFile } from './trusted-config.ts';

/** After an error of the spool itself: somebody may have made room on the disk. */
const AGAIN_MS = 5 * 60_000;

/** Brings the records of the spool in the state folder to the collector, as long as the service runs. */
export class Delivery {
  readonly spool: Spool;
  readonly #config: Config;
  readonly #log: ServiceLog;
  readonly #clock: Clock;
  readonly #device: Device;
  #shipping: Shipping | undefined;

  /** Throws CommandError where the spool, the token or the authority's certificate cannot be used. */
  constructor(config: Config, device: Device, log: ServiceLog, clock: Clock) {
    this.#config = config;
    this.#device = device;
    this.#log = log;
    this.#clock = clock;
    this.spool = Spool.open(config.state, { capBytes: config.spool_cap });
    if (this.spool.movedAside !== undefined)
      log.error('state', 'the spool was damaged: records in it may never have been sent', {
        file: this.spool.movedAside,
      });
  }

  /**
   * Sends what there is and what comes, until `signal` is aborted. A request that is on its way then is waited for, unless
   * `hurry` is aborted: it is cut off and sent again another time.
   */
  async keepSending(signal: AbortSignal, hurry: AbortSignal): Promise<void> {
    const cutOff = () => void this.#shipping?.close();
    hurry.addEventListener('abort', cutOff, { once: true });
    while (!signal.aborted) {
      try {
        await (await this.#open()).keepDraining(signal);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#log.error('not-drained', error.message);
        await this.#clock.sleep(AGAIN_MS, signal);
      }
    }
  }

  /** Sends what there is. False where something is left, which is then said. */
  async sendAll(): Promise<boolean> {
    const { sentRows, refusedBatches, problem } = await this.#drainOnce();
    const fields = { sentRows, refusedBatches, ...this.spool.count() };
    if (problem === undefined)
      this.#log.info('drained', 'all records are at the collector', fields);
    else this.#log.error('not-drained', problem, fields);
    return problem === undefined;
  }

  async close(): Promise<void> {
    await this.#shipping?.close();
    this.spool.close();
  }

  async #drainOnce(): Promise<DrainResult> {
    try {
      return await (await this.#open()).drainOnce();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { sentRows: 0, refusedBatches: 0, problem: error.message };
    }
  }

  /** Throws CommandError where this device has no token and cannot get one. */
  async #open(): Promise<Shipping> {
    if (this.#shipping !== undefined) return this.#shipping;
    const { 'collector.url': url, 'collector.ca': ca } = this.#config;
    const file = tokenFile(this.#config);
    await this.#enrol(file);
    const isWanted = this.#config['collector.token_file'] !== undefined || existsSync(file);
    const token = isWanted ? file : undefined; // a collector on this host may ask for none
    const address = collectorAddress({ collector: url.href, ca, tokenFile: token });
    this.#shipping = new Shipping(this.spool, address, { log: shippingLog(this.#log) });
    return this.#shipping;
  }

  async #enrol(file: string): Promise<void> {
    const {
      'collector.url': url,
      'collector.ca': ca,
      'collector.enrolment_key_file': keyFile,
    } = this.#config;
    if (keyFile === undefined || existsSync(file)) return;
    const address = collectorAddress({ collector: url.href, ca });
    await enrolDevice({ address, keyFile, tokenFile: file, device: this.#device });
    this.#log.info('enrolled', `this device has a token now: ${file}`);
  }
}

function shippingLog(log: ServiceLog): ShippingLog {
  return {
    info: (message) => log.info('shipping', message),
    warn: (message) => log.warn('shipping', message),
  };
}
