import { workerData } from 'node:worker_threads';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import type { CatalogIndex } from '../catalogs/catalog-index.ts';
import { CatalogSearch } from '../catalogs/catalog-search.ts';
import { Pace, type PaceSettings } from '../pace/pace.ts';
import { type Known, KnownFiles, type KnownFilesSettings } from '../state/known-files.ts';
import type { StateResult } from '../state/state-result.ts';
import { type TrustMaterial, verificationContext } from '../trust/trust-material.ts';
import type { FileKind, FileOutcome, Image, Problem } from './file-outcome.ts';
import { inspectFile } from './inspect-file.ts';
import type { InspectOptions } from './inspect-image.ts';
import { LastLinked, type LinkedPath } from './linked-files.ts';
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

/** What a batch came to. Files that are not images are only counted: most of a disk is text. */
export interface BatchResult {
  /** Paths that were looked at; those left out by a stop are not among them. */
  readonly files: number;
  readonly images: readonly Image[];
  readonly problems: readonly Problem[];
  readonly otherKinds: Readonly<Partial<Record<FileKind, number>>>;
  /** Paths that were left for later, since their files have other names as well; not among `files`. */
  readonly linked: readonly LinkedPath[];
  /** Images that were read under another of their names. */
  readonly hardLinks: number;
  /** undefined where nothing is kept between sweeps. */
  readonly state?: StateResult | undefined;
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
  const batch = emptyBatch();
  known?.beginBatch();
  for (const path of paths.split('\0')) {
    if (options.stopped()) break;
    const before = known?.find(path);
    if (before !== undefined) {
      addKnown(batch, before);
      continue;
    }
    const outcome = inspectFile(path, options);
    addOutcome(batch, path, outcome);
    known?.remember(path, outcome);
  }
  return { ...batch, state: known?.endBatch() };
}

interface OpenBatch {
  files: number;
  readonly images: Image[];
  readonly problems: Problem[];
  readonly otherKinds: Partial<Record<FileKind, number>>;
  readonly linked: LinkedPath[];
  hardLinks: number;
}

function emptyBatch(): OpenBatch {
  return { files: 0, images: [], problems: [], otherKinds: {}, linked: [], hardLinks: 0 };
}

/** The records of a known image come by way of the state. */
function addKnown(batch: OpenBatch, known: Known): void {
  if (known.kind === 'other') {
    addOutcome(batch, '', known);
    return;
  }
  batch.files += 1;
  if (known.isFurtherName) batch.hardLinks += 1;
}

function addOutcome(batch: OpenBatch, path: string, outcome: FileOutcome): void {
  if (outcome.kind === 'stopped') return;
  if (outcome.kind === 'linked') {
    batch.linked.push({ path, id: outcome.id });
    return;
  }
  batch.files += 1;
  switch (outcome.kind) {
    case 'image':
      batch.images.push(outcome.image);
      if (outcome.isFurtherName) batch.hardLinks += 1;
      batch.problems.push(...outcome.problems);
      return;
    case 'problem':
      batch.problems.push(outcome.problem);
      return;
    case 'other':
      batch.otherKinds[outcome.fileKind] = (batch.otherKinds[outcome.fileKind] ?? 0) + 1;
      return;
  }
}
