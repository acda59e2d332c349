import { existsSync } from 'node:fs';
import { printable, printableLines } from '../../parsers/record/printable.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { collectorAddress } from '../ship/collector-address.ts';
import { damaged } from '../ship/scan-shipping.ts';
import { type DrainResult, Shipping } from '../ship/shipping.ts';
import { Spool } from '../ship/spool.ts';
import { lockState } from '../state/state-lock.ts';

/** The options of `ship` as commander gives them. */
export interface ShipOptions {
  readonly state: string;
  readonly collector?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly list?: boolean;
  readonly retryRefused?: boolean;
}

/** Sends what is in the spool of a state folder, or lists it. Returns the exit status. */
export async function ship(options: ShipOptions): Promise<number> {
  const { state, collector } = options;
  if (!existsSync(state)) throw new CommandError(`there is no folder ${state}: check --state`);
  if (!options.list && collector === undefined)
    throw new CommandError('--collector is missing: where to send to? (--list only shows)');
  const lock = options.list && !options.retryRefused ? undefined : lockState(state);
  const spool = Spool.open(state);
  try {
    if (spool.movedAside !== undefined) say(damaged(spool.movedAside));
    if (options.retryRefused) say(`${spool.retryRefused()} refused batches wait again`);
    if (options.list || collector === undefined) process.stdout.write(listing(spool));
    else sum(await drain(spool, { ...options, collector }), spool);
    const isClean = options.list || (spool.count().batches === 0 && spool.movedAside === undefined);
    return isClean ? exitStatus.done : exitStatus.failed;
  } finally {
    spool.close();
    lock?.release();
  }
}

async function drain(
  spool: Spool,
  options: ShipOptions & { readonly collector: string },
): Promise<DrainResult> {
  const log = { info: say, warn: say };
  const shipping = new Shipping(spool, collectorAddress(options), { log });
  try {
    return await shipping.drainOnce();
  } finally {
    await shipping.close();
  }
}

function sum({ sentRows, refusedBatches, problem }: DrainResult, spool: Spool): void {
  const { batches, rows } = spool.count();
  if (problem !== undefined) say(`NOT SENT: ${problem}`);
  process.stdout.write(
    `sent ${sentRows} rows; ${rows} rows in ${batches} batches are left; ${refusedBatches} batches were refused\n`,
  );
}

/** One line for what waits, one for each refused batch. */
function listing(spool: Spool): string {
  const { batches, rows } = spool.count();
  const refused = spool.refused();
  const lines = [
    `${rows} rows in ${batches} batches wait to be sent`,
    `${refused.length} batches were refused and are kept${refused.length > 0 ? ':' : ''}`,
    ...refused.map((batch) => {
      const made = new Date(batch.createdMs).toISOString();
      const what = `${batch.rows} rows of ${batch.table}`;
      return `  ${batch.id.slice(0, 12)}  ${made}  ${what}: ${printable(batch.refusal)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function say(text: string): void {
  process.stderr.write(`certsweep: ${printableLines(text)}\n`);
}
