import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectorAddress } from '../../../agent/ship/collector-address.ts';
import type { Patience } from '../../../agent/ship/patience.ts';
import { type DrainResult, Shipping } from '../../../agent/ship/shipping.ts';
import { Spool } from '../../../agent/ship/spool.ts';

/** As `brief`, without the waiting. */
export const hasty: Patience = {
  tries: 3,
  firstWaitMs: 1,
  longestWaitMs: 2,
  longestRetryAfterMs: 5000,
};

export const recordLine = (id: number) => `{"ReportId":${id},"ScanId":"scan-1"}\n`;
export const sweepLine = '{"ScanId":"scan-1","Complete":true,"SpoolDropped":0}\n';

/** A spool with so many rows of one sweep, and its sweep row. */
export function filledSpool(folder: string, rows: number): Spool {
  const spool = Spool.open(folder);
  for (let id = 0; id < rows; id += 1)
    spool.add('AgentFileCertificateInfo', recordLine(id), { flagged: false });
  spool.add('AgentSweepInfo', sweepLine, { flagged: false });
  return spool;
}

export interface Drained extends DrainResult {
  readonly said: readonly string[];
}

/** Drains once, and keeps what was logged on the way. */
export async function drain(
  spool: Spool,
  to: Partial<CollectorAddress> & { readonly url: URL },
  patience: Patience = hasty,
): Promise<Drained> {
  const said: string[] = [];
  const log = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const shipping = new Shipping(spool, { tokenFile: undefined, ca: undefined, ...to }, { log });
  try {
    return { ...(await shipping.drainOnce(patience)), said };
  } finally {
    await shipping.close();
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}
