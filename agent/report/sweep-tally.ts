import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { isLookAlike } from '../../parsers/rules/match-grade.ts';
import type { FileKind, Problem, ProblemReason } from '../inspect/file-outcome.ts';
import type { BatchResult } from '../inspect/open-batch.ts';
import type { GoneReport } from '../state/gone-files.ts';
import type { WalkSkip, WalkTally } from '../walk/walk.ts';

/** Reasons that leave a sweep incomplete. The rest was left out on purpose, or has been read after all. */
const UNSEEN: ReadonlySet<ProblemReason> = new Set([
  'unreadable',
  'changed',
  'too-large',
  'inspection-failed',
]);

/** Whether a path that was skipped for this reason should have been read. */
export function leavesIncomplete(reason: string): boolean {
  return UNSEEN.has(reason as ProblemReason);
}

/** All counts of one sweep, kept while it runs. */
export class SweepTally implements WalkTally {
  entries = 0;
  directories = 0;
  files = 0;
  /** Files that were not opened: as an earlier sweep left them. */
  unchanged = 0;
  /** Bytes of images, whether this sweep has read them or an earlier one. */
  bytes = 0;
  images = 0;
  /** Images that were read under another of their names. */
  hardLinks = 0;
  records = 0;
  signed = 0;
  flagged = 0;
  flaggedFiles = 0;
  /** Files that are not flagged but claim to be the tool of a rule, and not by their name alone. */
  lookAlikeFiles = 0;
  /** Files, not signatures. */
  malformed = 0;
  /** Paths that should have been read and were not. */
  unseen = 0;
  readonly skipped = new Map<ProblemReason | WalkSkip, number>();
  readonly otherKinds = new Map<FileKind, number>();
  readonly #onProblem: (problem: Problem) => void;
  #lastMalformed = '';

  /** `onProblem` is called once for each path that was not read, or not as what it is. */
  constructor(onProblem: (problem: Problem) => void) {
    this.#onProblem = onProblem;
  }

  count(reason: WalkSkip | ProblemReason): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  problem(problem: Problem): void {
    if (problem.reason !== 'malformed') this.count(problem.reason);
    else if (problem.path !== this.#lastMalformed) this.malformed += 1; // those of one file come together
    if (problem.reason === 'malformed') this.#lastMalformed = problem.path;
    if (UNSEEN.has(problem.reason)) this.unseen += 1;
    this.#onProblem(problem);
  }

  batch(result: BatchResult): void {
    this.files += result.files;
    this.unchanged += result.state?.unchanged ?? 0;
    this.images += result.images.length;
    this.hardLinks += result.hardLinks;
    for (const { size } of result.images) this.bytes += size;
    for (const problem of result.problems) this.problem(problem);
    for (const [kind, count] of Object.entries(result.otherKinds) as [FileKind, number][])
      this.otherKinds.set(kind, (this.otherKinds.get(kind) ?? 0) + count);
  }

  /** A file with records that was not opened. */
  knownImage(size: number): void {
    this.images += 1;
    this.bytes += size;
  }

  /** The records of one file, as they are written. */
  recordsOfFile(records: readonly FileCertificateRecord[]): void {
    this.records += records.length;
    for (const record of records) {
      if (record.IsSigned) this.signed += 1;
      if (isFlagged(record)) this.flagged += 1;
    }
    if (records.some(isFlagged)) this.flaggedFiles += 1;
    else if (records.some(isLookAlike)) this.lookAlikeFiles += 1;
  }
}

/** At least one rule matched. */
export function isFlagged({ Rules }: Partial<FileCertificateRecord>): boolean {
  return Array.isArray(Rules) && Rules.length > 0;
}

/** Flagged, or a look-alike by more than its name: always kept, sent and shown. */
export function isRuleHit(record: Partial<FileCertificateRecord>): boolean {
  return isFlagged(record) || isLookAlike(record);
}

/** Kinds that hold files, which are not looked at. Signed ones have a record and are not among the other kinds. */
const ARCHIVES: readonly FileKind[] = ['zip', 'archive', 'cab', 'appx'];

function countOf({ otherKinds }: SweepTally, kinds: readonly FileKind[]): number {
  return kinds.reduce((sum, kind) => sum + (otherKinds.get(kind) ?? 0), 0);
}

/** What a sweep row says besides the counts. */
export interface SweepFacts {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly machineGroup: string | null;
  readonly scanId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly interrupted: boolean;
  readonly roots: readonly string[];
  /** Flagged files that are gone; undefined where nothing is known of earlier sweeps, or this one was interrupted. */
  readonly gone: GoneReport | undefined;
  readonly ruleDigest: string;
  readonly rootDigest: string;
  readonly trustSource: string;
  /** off, complete or partial. */
  readonly liveContext: string;
  readonly agentVersion: string;
}

/** The AgentSweepInfo row: what was seen, and what was not. */
export function toSweepRow(tally: SweepTally, facts: SweepFacts): SweepRow {
  const end = new Date(facts.endMs).toISOString();
  return {
    Timestamp: end,
    DeviceId: facts.deviceId,
    DeviceName: facts.deviceName,
    ScanId: facts.scanId,
    StartTime: new Date(facts.startMs).toISOString(),
    EndTime: end,
    Complete: !facts.interrupted && tally.unseen === 0,
    Interrupted: facts.interrupted,
    MachineGroup: facts.machineGroup,
    Roots: facts.roots,
    Entries: tally.entries,
    Directories: tally.directories,
    Files: tally.files,
    Bytes: tally.bytes,
    Images: tally.images,
    Records: tally.records,
    Signed: tally.signed,
    Flagged: tally.flagged,
    LookAlikeFiles: tally.lookAlikeFiles,
    Malformed: tally.malformed,
    Skipped: Object.fromEntries(tally.skipped),
    OtherKinds: Object.fromEntries(tally.otherKinds),
    Unchanged: tally.unchanged,
    HardLinks: tally.hardLinks,
    Archives: countOf(tally, ARCHIVES),
    DiskImages: countOf(tally, ['disk-image']),
    GoneFlagged: facts.gone?.count ?? null,
    GoneFiles: facts.gone?.files ?? null,
    LiveContext: facts.liveContext,
    SpoolDropped: 0,
    RuleDigest: facts.ruleDigest,
    RootDigest: facts.rootDigest,
    TrustSource: facts.trustSource,
    AgentVersion: facts.agentVersion,
    RecordsDigest: null,
    ReceivedTime: null,
  };
}
