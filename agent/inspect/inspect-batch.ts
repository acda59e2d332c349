import { workerData } from 'node:worker_threads';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import type { CatalogIndex } from '../catalogs/catalog-index.ts';
import { CatalogSearch } from '../catalogs/catalog-search.ts';
import { Pace, type PaceSettings } from '../pace/pace.ts';
import { KnownFiles, type KnownFilesSettings } from '../state/known-files.ts';
import { type TrustMaterial, verificationContext } from '../trust/trust-material.ts';
import { inspectFile } from './inspect-file.ts';
import type { InspectOptions } from './inspect-image.ts';
import { LastLinked } from './linked-files.ts';
import { type BatchResult, OpenBatch } from './open-batch.ts';
import { paceReads } from './read-bytes.ts';

/** What a worker is started with. */
export interface InspectorSettings {
  readonly maxFileSize: number;
  readonly trust: TrustMaterial;
  /** undefined where no catalogs are at hand. */
  readonly catalogs?: CatalogIndex | undefined;
  /** undefined: as fast as it goes. */
  readonly pace?: PaceSettings | undefined;
  /** Where files are that need not be opened; undefined where nothing is kept between sweeps. */
  readonly known?: KnownFilesSettings | undefined;
  /** One element; anything but 0 tells the workers to stop. Shared memory: a busy worker reads no messages. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** What one message to a worker says. */
export interface BatchTask {
  /** NUL-joined: one string crosses the thread boundary far cheaper than an array, and no name can hold a NUL. */
  readonly paths: string;
  /** `defer`: files with several names come back as `linked`. `together`: their names follow one another, and they are read. */
  readonly links: 'defer' | 'together';
}

/** Piscina entry point. A bad file is data; only a bug of ours rejects. */
export default function inspectBatch({ paths, links }: BatchTask): BatchResult {
  const { maxFileSize, stop, trust, catalogs, pace, known } = workerData as InspectorSettings;
  if (pace && context === undefined)
    paceReads(new Pace(pace), (milliseconds) => Atomics.wait(stop, 0, 0, milliseconds));
  context ??= verificationContext(trust);
  if (catalogs) search ??= new CatalogSearch(catalogs, context);
  if (known) knownFiles ??= new KnownFiles(known);
  const options = {
    maxFileSize,
    stopped: () => Atomics.load(stop, 0) !== 0,
    context,
    catalogs: search,
    links: links === 'defer' ? links : new LastLinked(),
  };
  return inspectPaths(paths, options, knownFiles);
}

/** Of this thread: made with its first batch. */
let context: VerificationContext | undefined;
let search: CatalogSearch | undefined;
let knownFiles: KnownFiles | undefined;

export function inspectPaths(
  paths: string,
  options: InspectOptions,
  known?: KnownFiles | undefined,
): BatchResult {
  const batch = new OpenBatch(known);
  for (const path of paths.split('\0')) {
    if (options.stopped()) break;
    if (!batch.addKnown(path)) batch.add(path, inspectFile(path, options));
  }
  return batch.close();
}
