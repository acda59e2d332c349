import { randomInt, randomUUID } from 'node:crypto';
import type { FileCertificateRecord, SweepRow } from '../parsers/record/columns.ts';
import { type FileFacts, type RecordContext, toRecords } from '../parsers/record/to-record.ts';
import type { CompiledRule } from '../parsers/rules/compiled-rule.ts';
import type { CatalogIndex } from './catalogs/catalog-index.ts';
import type { Device } from './device.ts';
import { type Flagging, flagging } from './flagging.ts';
import type { Image, Problem } from './inspect/file-outcome.ts';
import { InspectorPool } from './inspect/inspector-pool.ts';
import type { LiveContext } from './live/live-context.ts';
import type { PathView } from './mounted/path-view.ts';
import { type PaceLimits, sharedPace } from './pace/pace.ts';
import { isRuleHit, SweepTally, toSweepRow } from './report/sweep-tally.ts';
import { judgesOf, rootDigest } from './state/judges.ts';
import type { KnownFilesSettings } from './state/known-files.ts';
import { isDueAgain, type RescanSettings } from './state/rescan-settings.ts';
import type { KnownImage, StateResult } from './state/state-result.ts';
import { confirmedRecords, parseStoredImage, toStoredImage } from './state/stored-image.ts';
import type { TrustMaterial } from './trust/trust-material.ts';
import { agentVersion } from './version.ts';
import { isInScope } from './walk/sweep-scope.ts';
import { type WalkOptions, walk } from './walk/walk.ts';

export interface SweepSettings extends WalkOptions {
  /** How paths read in records and reports. */
  readonly paths: PathView;
  readonly device: Device;
  /** The configured tag of the device, null where there is none. */
  readonly machineGroup: string | null;
  /** Worker threads; undefined: as the work and the machine have it. */
  readonly threads?: number | undefined;
  /** Bytes; larger images are listed, not read. */
  readonly maxFileSize: number;
  /** What the sweep may take from the machine; undefined: all it can. */
  readonly pace?: PaceLimits | undefined;
  readonly trust: TrustMaterial;
  /** undefined where no catalogs are at hand: what looks unsigned may then be signed by one. */
  readonly catalogs?: CatalogIndex | undefined;
  /** What runs and starts the flagged files; undefined where nobody asked. */
  readonly live?: LiveContext | undefined;
  /** What flags a record. */
  readonly rules: readonly CompiledRule[];
  /** Whether unsigned files give a record. Malformed ones and look-alikes always do. */
  readonly unsigned: boolean;
  /** What earlier sweeps left; undefined: every file is read. */
  readonly rescan?: RescanSettings | undefined;
}

/** Who hears of what a sweep finds, while it runs. */
export interface SweepListener {
  /** `line` is the record as a line of NDJSON. The sweep waits until this resolves. */
  record(record: FileCertificateRecord, line: string): Promise<void>;
  problem(problem: Problem): void;
  /**
   * Makes safe what came so far, whatever happens next: only then does the state say that it was reported. False where it
   * is not safe before the end of the sweep.
   */
  checkpoint(): boolean | Promise<boolean>;
}

/** ReportIds of a sweep without state count up from a random base: that is what keeps its records from those of others. */
const MAX_REPORT_ID_BASE = 2 ** 47;
/** What a kill may cost: so much is reported or read again at most. */
const CHECKPOINT = { records: 5_000, files: 20_000, ms: 5_000 };

/** One pass over the roots: walk, inspect, make records, flag. */
export class Sweep {
  readonly tally: SweepTally;
  readonly startMs = Date.now();
  readonly #flagging: Flagging;
  readonly #settings: SweepSettings;
  readonly #listener: SweepListener;
  readonly #context: RecordContext;
  #pool: InspectorPool | undefined;
  #interrupted = false;
  #lastCheckpoint = { records: 0, files: 0, ms: this.startMs };

  constructor(settings: SweepSettings, listener: SweepListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#flagging = flagging(settings.rules, this.startMs);
    this.tally = new SweepTally((problem) =>
      listener.problem({ ...problem, path: settings.paths.show(problem.path) }),
    );
    const state = settings.rescan?.state;
    let reportId = randomInt(MAX_REPORT_ID_BASE);
    this.#context = {
      deviceId: settings.device.id,
      deviceIdSource: settings.device.idSource,
      deviceName: settings.device.name,
      machineGroup: settings.machineGroup,
      scanId: randomUUID(),
      agentVersion,
      nextReportId: () => (state === undefined ? reportId++ : state.nextReportId()),
    };
  }

  /** The rest of the tree is left; run() then ends with what has been found. */
  interrupt(): void {
    this.#interrupted = true;
    this.#pool?.stop();
  }

  /** With a state: settle() has to follow once the row is safe. */
  async run(): Promise<SweepRow> {
    const { threads, maxFileSize, trust, catalogs, pace, rescan } = this.#settings;
    rescan?.state.beginSweep();
    const pool = new InspectorPool(threads, {
      maxFileSize,
      trust,
      catalogs,
      pace: pace && sharedPace(pace),
      known: rescan && this.#knownFiles(rescan),
    });
    this.#pool = pool;
    try {
      for await (const batch of pool.inspect(walk(this.#settings, this.tally))) {
        this.tally.batch(batch);
        const problems = Map.groupBy(batch.problems, ({ path }) => path);
        for (const image of batch.images) await this.#report(image, problems.get(image.path) ?? []);
        if (batch.state) await this.#takeOver(batch.state);
        await this.#checkpointIfDue();
      }
    } finally {
      await pool.close();
    }
    await this.#checkpoint();
    return this.#row();
  }

  /** With a state: the sweep row is safe, and so is what it says. */
  settle(): void {
    this.#settings.rescan?.state.settle(!this.#interrupted);
  }

  #row(): SweepRow {
    const { device, roots, trust, rescan } = this.#settings;
    const seen = this.tally.files;
    const gone = this.#interrupted
      ? undefined
      : rescan?.state.endSweep(seen, (file) => isInScope(file, this.#settings));
    return toSweepRow(this.tally, {
      deviceId: device.id,
      deviceName: device.name,
      machineGroup: this.#settings.machineGroup,
      scanId: this.#context.scanId,
      startMs: this.startMs,
      endMs: Date.now(),
      interrupted: this.#interrupted,
      roots: roots.map((root) => this.#settings.paths.show(root.path)),
      gone,
      ruleDigest: this.#flagging.ruleDigest,
      rootDigest: rootDigest(trust.roots),
      trustSource: trust.roots.source,
      liveContext: this.#settings.live?.status ?? 'off',
      agentVersion,
    });
  }

  #knownFiles({ state }: RescanSettings): KnownFilesSettings {
    const { trust, catalogs } = this.#settings;
    const { ruleDigest } = this.#flagging;
    const judges = judgesOf({ trust, catalogs, ruleDigest, agentVersion });
    return { file: state.file, judges, clockOffsetMs: state.nowMs() - Date.now() };
  }

  /** A file that was read. */
  async #report(image: Image, problems: readonly Problem[]): Promise<void> {
    const { signatures: reports, malformed, catalog } = image;
    const facts = factsOf(image, this.#settings.paths);
    const made = toRecords(facts, { reports, malformed, catalog }, this.#context);
    const records = this.#flagging.grade(made);
    const isWanted = this.#isWanted(records);
    if (isWanted) await this.#emit(image.path, records);
    const state = this.#settings.rescan?.state;
    state?.putImage(image.path, {
      flagged: records.some(isRuleHit),
      reportedMs: isWanted ? state.nowMs() : 0,
      rules: this.#flagging.ruleDigest,
      content: toStoredImage(records, problems),
    });
  }

  async #takeOver({ images, read, failure }: StateResult): Promise<void> {
    const rescan = this.#settings.rescan;
    if (rescan === undefined) return;
    for (const image of images) await this.#confirm(image, rescan);
    rescan.state.remember(read);
    if (failure !== undefined) rescan.state.fail(failure);
  }

  /** A file with records that is as an earlier sweep read it. */
  async #confirm(known: KnownImage, rescan: RescanSettings): Promise<void> {
    const stored = parseStoredImage(known.content);
    this.tally.knownImage(stored.records[0]?.FileSize ?? 0);
    for (const problem of stored.problems) this.tally.problem({ ...problem, path: known.path });
    const { state } = rescan;
    const nowMs = state.nowMs();
    const { ruleDigest } = this.#flagging;
    const sameRules = known.rules === ruleDigest;
    const due = { flagged: stored.records.some(isRuleHit), reportedMs: known.reportedMs };
    if (sameRules && !(this.#isWanted(stored.records) && isDueAgain(due, rescan, nowMs))) return;
    const confirmed = confirmedRecords(stored, this.#context, nowMs);
    const records = sameRules ? confirmed : this.#flagging.grade(confirmed);
    const isWanted = this.#isWanted(records);
    if (isWanted) await this.#emit(known.path, records);
    state.putImage(known.path, {
      flagged: records.some(isRuleHit),
      reportedMs: isWanted ? nowMs : known.reportedMs,
      rules: ruleDigest,
      content: sameRules ? known.content : toStoredImage(records, []),
    });
  }

  #isWanted(records: readonly Partial<FileCertificateRecord>[]): boolean {
    if (this.#settings.unsigned) return true;
    return records.some(
      (record) => record.IsSigned || record.SignatureStatus === 'Malformed' || isRuleHit(record),
    );
  }

  async #emit(path: string, records: readonly FileCertificateRecord[]): Promise<void> {
    this.tally.recordsOfFile(records);
    const { live } = this.#settings;
    for (const plain of records) {
      const record = live && isRuleHit(plain) ? { ...plain, ...live.of(path) } : plain;
      await this.#listener.record(record, `${JSON.stringify(record)}\n`);
    }
  }

  async #checkpointIfDue(): Promise<void> {
    const { records, files, ms } = this.#lastCheckpoint;
    const { tally } = this;
    if (
      tally.records - records >= CHECKPOINT.records ||
      tally.files - tally.unchanged - files >= CHECKPOINT.files ||
      Date.now() - ms >= CHECKPOINT.ms
    )
      await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    const isSafe = await this.#listener.checkpoint();
    if (isSafe) this.#settings.rescan?.state.commit();
    const { records, files, unchanged } = this.tally;
    this.#lastCheckpoint = { records, files: files - unchanged, ms: Date.now() };
  }
}

function factsOf(image: Image, paths: PathView): FileFacts {
  const { fileKind, size, sha1, sha256, createdMs, modifiedMs, readMs, versionInfo } = image;
  return {
    ...paths.split(image.path),
    fileKind,
    size,
    sha1,
    sha256,
    createdMs,
    modifiedMs,
    readMs,
    versionInfo,
  };
}
