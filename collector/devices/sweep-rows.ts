import { type Row, textOf, ticksOf } from '../hunt/ask.ts';
import type { SweepTime } from './clone-evidence.ts';
import type { LastSweep } from './device-view.ts';
import { sweepGaps } from './sweep-gaps.ts';

export type NamedSweep = LastSweep & { readonly name: string };

/** Sweeps by DeviceId, of rows with times. */
export function timesByDevice(rows: readonly Row[]): ReadonlyMap<string, readonly SweepTime[]> {
  const times = new Map<string, SweepTime[]>();
  for (const row of rows) {
    const id = textOf(row.DeviceId);
    const sweep: SweepTime = {
      scanId: textOf(row.ScanId),
      name: textOf(row.DeviceName),
      start: longOf(row.StartTime),
      end: longOf(row.EndTime),
      received: ticksOf(row.ReceivedTime),
    };
    const known = times.get(id);
    if (known) known.push(sweep);
    else times.set(id, [sweep]);
  }
  return times;
}

/** The newest sweep of each device, of rows with all facts. */
export function newestByDevice(rows: readonly Row[]): ReadonlyMap<string, NamedSweep> {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const known = newest.get(textOf(row.DeviceId));
    if (!known || isNewer(row, known)) newest.set(textOf(row.DeviceId), row);
  }
  return new Map([...newest].map(([id, row]) => [id, toSweep(row)]));
}

/** By receipt; of those that came in one batch by the device's own time. */
function isNewer(row: Row, known: Row): boolean {
  const [one, other] = [ticksOf(row.ReceivedTime), ticksOf(known.ReceivedTime)];
  return one > other || (one === other && ticksOf(row.EndTime) > ticksOf(known.EndTime));
}

function toSweep(row: Row): NamedSweep {
  const complete = row.Complete === true;
  return {
    name: textOf(row.DeviceName),
    scanId: textOf(row.ScanId),
    start: longOf(row.StartTime),
    end: longOf(row.EndTime),
    received: ticksOf(row.ReceivedTime),
    complete,
    gaps: sweepGaps({
      complete,
      interrupted: row.Interrupted === true,
      skipped: textOf(row.Skipped),
      spoolDropped: longOf(row.SpoolDropped) ?? 0n,
    }),
    agentVersion: textOf(row.AgentVersion),
    ruleDigest: textOf(row.RuleDigest),
    rootDigest: textOf(row.RootDigest),
    trustSource: textOf(row.TrustSource),
    flagged: longOf(row.Flagged),
  };
}

/** Of a long or datetime cell. */
export function longOf(cell: Row[string] | undefined): bigint | null {
  return typeof cell === 'bigint' ? cell : null;
}
