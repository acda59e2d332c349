import { loadCatalogs } from './catalogs/load-catalogs.ts';
import { identifyDevice } from './device.ts';
import { CommandError } from './exit-status.ts';
import type { Problem } from './inspect/file-outcome.ts';
import type { LiveContext } from './live/live-context.ts';
import type { SweepSettings } from './sweep.ts';
import { loadTrust, type TrustOptions } from './trust/trust-material.ts';
import { type WalkChoices, walkOptions } from './walk/walk-options.ts';

/** What a user says of a sweep, by `scan`'s options or by the keys of `run`'s configuration: names are commander's. */
export interface SweepOptions extends TrustOptions, WalkChoices {
  /** Bytes; undefined: none is too large. */
  readonly maxFileSize?: number | undefined;
  readonly threads: number;
  /** Whether unsigned files give a record. */
  readonly unsigned: boolean;
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly machineGroup?: string | undefined;
  readonly catalogs?: readonly string[] | undefined;
  /** Whether flagged records say what runs the file and what starts it. */
  readonly live?: boolean | undefined;
}

export interface SweepPlan {
  readonly settings: SweepSettings;
  /** Catalogs that could not be read: to be listed with what the sweep itself cannot read. */
  readonly catalogProblems: readonly Problem[];
}

/** Reads all that a sweep needs beside the files it looks at. Throws CommandError for whatever is wrong with it. */
export async function planSweep(options: SweepOptions): Promise<SweepPlan> {
  if (options.deviceName === '') throw new CommandError('--device-name is empty');
  const trust = await loadTrust(options);
  const catalogs = loadCatalogs(options.catalogs);
  const device = await identifyDevice({ id: options.deviceId, name: options.deviceName });
  const settings: SweepSettings = {
    ...(await walkOptions(options)),
    maxFileSize: options.maxFileSize ?? Number.POSITIVE_INFINITY,
    threads: options.threads,
    unsigned: options.unsigned,
    device,
    machineGroup: options.machineGroup ?? null,
    trust,
    catalogs: catalogs?.index,
    live: options.live ? await liveContext() : undefined,
  };
  return { settings, catalogProblems: catalogs?.problems ?? [] };
}

async function liveContext(): Promise<LiveContext> {
  const { gatherLiveContext } = await import('./live/gather-live-context.ts');
  return gatherLiveContext();
}
