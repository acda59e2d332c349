import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { CommandError } from '../exit-status.ts';
import { isRuleHit } from '../report/sweep-tally.ts';
import { writeProblem } from '../write-problem.ts';
import { type CollectorOptions, collectorAddress } from './collector-address.ts';
import { Shipping, type ShippingLog } from './shipping.ts';
import { Spool } from './spool.ts';

export interface ScanShippingOptions extends CollectorOptions {
  /** Holds the spool; without it a folder of this scan's own does. */
  readonly state?: string | undefined;
}

/** What became of the records of one scan, in lines for a person. */
export interface ShippingOutcome {
  /** All that had to go to the collector, earlier leftovers included, is there. */
  readonly isDelivered: boolean;
  readonly lines: readonly string[];
}

/**
 * The shipping of one scan: records go to the spool, and from there to the collector while the scan goes on. A collector
 * that does not answer costs the scan nothing before its end.
 */
export class ScanShipping {
  readonly #options: ScanShippingOptions;
  readonly #folder: string;
  readonly #spool: Spool;
  readonly #shipping: Shipping;
  readonly #stop = new AbortController();
  readonly #draining: Promise<void>;

  constructor(options: ScanShippingOptions, log: ShippingLog) {
    const address = collectorAddress(options);
    this.#options = options;
    this.#folder = options.state ?? ownFolder();
    this.#spool = Spool.open(this.#folder);
    const { movedAside } = this.#spool;
    if (movedAside !== undefined) log.warn(damaged(movedAside));
    this.#shipping = new Shipping(this.#spool, address, { log });
    this.#draining = this.#shipping.keepDraining(this.#stop.signal);
    this.#draining.catch(() => {}); // finish() hears of it
  }

  record(record: FileCertificateRecord, line: string): void {
    this.#spool.add('AgentFileCertificateInfo', line, { flagged: isRuleHit(record) });
  }

  /** Everything recorded so far survives whatever comes. */
  flush(): void {
    this.#spool.flush();
  }

  /** Sends the rest, the sweep row last, and says how it went. What could not be sent stays on disk. */
  async finish(sweep: SweepRow): Promise<ShippingOutcome> {
    this.#spool.add('AgentSweepInfo', `${JSON.stringify(sweep)}\n`, { flagged: false });
    this.#stop.abort();
    await this.#draining;
    const { problem } = await this.#shipping.drainOnce();
    const outcome = this.#outcome(problem);
    this.#close();
    return outcome;
  }

  /** After an error: what is on disk stays there. Returns what to say of it. */
  abandon(): readonly string[] {
    if (!this.#spool.isOpen) return [];
    this.#stop.abort();
    const { rows } = this.#spool.count();
    this.#close();
    return rows === 0 ? [] : [`${rows} rows were not sent: ${this.#howToSend()}`];
  }

  #outcome(problem: string | undefined): ShippingOutcome {
    const { sentRows, refusedBatches } = this.#shipping;
    const { dropped, movedAside } = this.#spool;
    const { rows } = this.#spool.count();
    const lines: string[] = [];
    if (problem !== undefined) lines.push(`NOT SENT: ${problem}`);
    if (rows > 0) lines.push(`${rows} rows wait on disk: ${this.#howToSend()}`);
    if (dropped > 0) lines.push(`DROPPED: ${dropped} rows, because the spool is full`);
    if (refusedBatches > 0) lines.push(`REFUSED: ${refusedBatches} batches; ${this.#howToList()}`);
    lines.push(
      `${sentRows} rows are at the collector, the sweep row ${rows > 0 ? 'NOT ' : ''}with them`,
    );
    const isDelivered =
      rows === 0 && dropped === 0 && refusedBatches === 0 && movedAside === undefined;
    return { isDelivered, lines };
  }

  #howToSend(): string {
    const { collector, tokenFile, ca } = this.#options;
    const words = [
      'certsweep ship --state',
      quoted(this.#folder),
      '--collector',
      quoted(collector),
    ];
    if (tokenFile !== undefined) words.push('--token-file', quoted(tokenFile));
    if (ca !== undefined) words.push('--ca', quoted(ca));
    return `send them with\n  ${words.join(' ')}`;
  }

  #howToList(): string {
    return `see why with certsweep ship --list --state ${quoted(this.#folder)}`;
  }

  /** A request that is still on its way ends with an error that nobody needs to hear of. */
  #close(): void {
    const isEmpty = this.#spool.isEmpty;
    void this.#shipping.close();
    this.#spool.close();
    if (isEmpty && this.#options.state === undefined)
      rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** For this user alone: mkdtemp makes it so. */
function ownFolder(): string {
  const place = path.resolve(tmpdir());
  try {
    return mkdtempSync(path.join(place, 'certsweep-spool-'));
  } catch (error) {
    throw new CommandError(
      `cannot keep unsent records in ${place}: ${writeProblem(error)}. Name a folder for them with --state DIR`,
    );
  }
}

/** What a person must know where a spool file was damaged. */
export function damaged(movedAside: string): string {
  return `the spool was damaged and is now ${movedAside}: records in it may never have been sent`;
}

/** As a shell reads it back, where a name has more than the plain characters. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
