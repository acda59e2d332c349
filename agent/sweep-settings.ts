import { builtInRules } from '../parsers/rules/built-in-rules.ts';
import { loadCatalogs } from './catalogs/load-catalogs.ts';
import { identifyDevice } from './device.ts';
import { CommandError } from './exit-status.ts';
import type { Problem } from './inspect/file-outcome.ts';
import type { LiveContext } from './live/live-context.ts';
import { foreignVolumes } from './mounted/foreign-volume.ts';
import { hostPaths } from './mounted/path-view.ts';
import type { ImagePlan } from './mounted/plan-image.ts';
import type { PaceLimits } from './pace/pace.ts';
import type { ScanRules } from './scan-rules.ts';
import { DEFAULT_RESEND_DAYS, type RescanSettings } from './state/rescan-settings.ts';
import { SweepState } from './state/sweep-state.ts';
import type { SweepSettings } from './sweep.ts';
import { loadTrust, type TrustOptions } from './trust/trust-material.ts';
import { type WalkChoices, walkOptions } from './walk/walk-options.ts';

/** What a user says of a sweep, by `scan`'s options or by the keys of `run`'s configuration: names are commander's. */
export interface SweepOptions extends TrustOptions, WalkChoices {
  /** Bytes; undefined: none is too large. */
  readonly maxFileSize?: number | undefined;
  /** undefined: as the work and the machine have it. */
  readonly threads?: number | undefined;
  /** Megabytes a second that may be read of files, all threads together. */
  readonly ioLimit?: number | undefined;
  /** Percent of one core that each thread may take. */
  readonly cpuLimit?: number | undefined;
  /** Rule files and folders of them, besides the built-in rules. */
  readonly rules?: readonly string[] | undefined;
  /** Whether unsigned files give a record. */
  readonly unsigned: boolean;
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly machineGroup?: string | undefined;
  readonly catalogs?: readonly string[] | undefined;
  /** Whether flagged records say what runs the file and what starts it. */
  readonly live?: boolean | undefined;
  /** The folder in which a volume of another machine is mounted, and the letter it has there. */
  readonly imageRoot?: string | undefined;
  readonly imageDrive?: string | undefined;
  /** Folder in which the state is kept between sweeps. */
  readonly state?: string | undefined;
  /** Whether records of files that did not change are left out, but for flagged ones and those that are due. */
  readonly changedOnly?: boolean | undefined;
  /** Days after which records that were left out are due again. */
  readonly resendDays?: number | undefined;
}

export interface SweepPlan {
  readonly settings: SweepSettings;
  /** Catalogs that could not be read: to be listed with what the sweep itself cannot read. */
  readonly catalogProblems: readonly Problem[];
  /** Lines for a person: on what verdicts or the device's id do not rest. Safe to print. */
  readonly notes: readonly string[];
}

/**
 * Reads all that a sweep needs beside the files it looks at. With a state its lock is held until `settings.rescan.state` is
 * closed. Throws CommandError for whatever is wrong with it.
 */
export async function planSweep(options: SweepOptions): Promise<SweepPlan> {
  if (options.deviceName === '') throw new CommandError('--device-name is empty');
  if (options.changedOnly && options.state === undefined)
    throw new CommandError('--changed-only needs --state, which says what has not changed');
  if (options.imageRoot !== undefined && options.state !== undefined)
    throw new CommandError(
      '--state is for what is on this machine: leave it out with --image-root',
    );
  const given = await givenRules(options.rules);
  const image = await imageOf(options);
  const trust = await loadTrust({ ...options, image: image && (image.roots ?? null) });
  const catalogs = loadCatalogs(image?.catalogs ?? options.catalogs, image?.image.paths);
  const { deviceId: id, deviceName: name } = options;
  const settings: SweepSettings = {
    ...(await walkOptions(image ? { ...options, paths: image.places } : options)),
    ...image?.walk,
    paths: image?.image.paths ?? hostPaths,
    maxFileSize: options.maxFileSize ?? Number.POSITIVE_INFINITY,
    threads: options.threads,
    pace: paceLimits(options),
    unsigned: options.unsigned,
    rules: given?.rules ?? builtInRules,
    device: image?.device ?? (await identifyDevice({ id, name })),
    machineGroup: options.machineGroup ?? null,
    trust,
    catalogs: catalogs?.index,
    live: options.live ? await liveContext() : undefined,
    rescan: rescanSettings(options), // last: it holds a lock
  };
  const isNamed = id !== undefined && name !== undefined;
  const placeNotes = image?.notes ?? (isNamed ? [] : foreignVolumes(options.paths));
  const notes = [...placeNotes, ...(given?.notes ?? [])];
  return { settings, catalogProblems: catalogs?.problems ?? [], notes };
}

async function givenRules(paths: readonly string[] | undefined): Promise<ScanRules | undefined> {
  if (paths === undefined) return undefined;
  const { loadScanRules } = await import('./scan-rules.ts');
  return loadScanRules(paths);
}

async function imageOf(options: SweepOptions): Promise<ImagePlan | undefined> {
  const { imageRoot } = options;
  if (imageRoot === undefined && options.imageDrive !== undefined)
    throw new CommandError('--image-drive is of --image-root, which is missing');
  if (imageRoot === undefined && options.paths.length === 0)
    throw new CommandError('what is to be scanned? Name files or directories');
  if (imageRoot === undefined) return undefined;
  const { planImage } = await import('./mounted/plan-image.ts');
  return planImage({ ...options, imageRoot });
}

function paceLimits({ ioLimit, cpuLimit }: SweepOptions): PaceLimits | undefined {
  if (ioLimit === undefined && cpuLimit === undefined) return undefined;
  return {
    bytesPerSecond: ioLimit === undefined ? undefined : ioLimit * 1e6,
    cpuShare: cpuLimit === undefined ? undefined : cpuLimit / 100,
  };
}

function rescanSettings(options: SweepOptions): RescanSettings | undefined {
  const { state, changedOnly = false, resendDays = DEFAULT_RESEND_DAYS } = options;
  if (state === undefined) return undefined;
  return { state: SweepState.open(state), changedOnly, resendDays };
}

async function liveContext(): Promise<LiveContext> {
  const { gatherLiveContext } = await import('./live/gather-live-context.ts');
  return gatherLiveContext();
}
