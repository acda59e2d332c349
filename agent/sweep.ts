import { randomInt, randomUUID } from 'node:crypto';
import type { FileCertificateRecord, SweepRow } from '../parsers/record/columns.ts';
import { type FileFacts, type RecordContext, toRecords } from '../parsers/record/to-record.ts';
import type { CatalogIndex } from './catalogs/catalog-index.ts';
import type { Device } from './device.ts';
import { builtInFlagging } from './flagging.ts';
import type { Image, Problem } from './inspect/file-outcome.ts';
import { InspectorPool } from './inspect/inspector-pool.ts';
import type { LiveContext } from './live/live-context.ts';
import type { PathView } from './mounted/path-view.ts';
import { type PaceLimits, sharedPace } from './pace/pace.ts';
import { isFlagged, SweepTally, toSweepRow } from './report/sweep-tally.ts';
import type { TrustMaterial } from './trust/trust-material.ts';
import { agentVersion } from './version.ts';
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
  /** Whether unsigned files give a record. Malformed ones always do. */
  readonly unsigned: boolean;
}

/** Who hears of what a sweep finds, while it runs. */
export interface SweepListener {
  /** `line` is the record as a line of NDJSON. The sweep waits until this resolves. */
  record(record: FileCertificateRecord, line: string): Promise<void>;
  problem(problem: Problem): void;
}

/** ReportIds of one sweep count up from a random base: without state between sweeps that is what keeps them apart. */
const MAX_REPORT_ID_BASE = 2 ** 47;

/** One pass over the roots: walk, inspect, make records, flag. */
export class Sweep {
  readonly tally: SweepTally;
  readonly startMs = Date.now();
  readonly #flagging = builtInFlagging(this.startMs);
  readonly #settings: SweepSettings;
  readonly #listener: SweepListener;
  readonly #context: RecordContext;
  #pool: InspectorPool | undefined;
  #interrupted = false;

  constructor(settings: SweepSettings, listener: SweepListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.tally = new SweepTally((problem) =>
      listener.problem({ ...problem, path: settings.paths.show(problem.path) }),
    );
    let reportId = randomInt(MAX_REPORT_ID_BASE);
    this.#context = {
      deviceId: settings.device.id,
      deviceIdSource: settings.device.idSource,
      deviceName: settings.device.name,
      machineGroup: settings.machineGroup,
      scanId: randomUUID(),
      agentVersion,
      nextReportId: () => reportId++,
    };
  }

  /** The rest of the tree is left; run() then ends with what has been found. */
  interrupt(): void {
    this.#interrupted = true;
    this.#pool?.stop();
  }

  async run(): Promise<SweepRow> {
    const { threads, maxFileSize, trust, catalogs, pace } = this.#settings;
    const pool = new InspectorPool(threads, {
      maxFileSize,
      trust,
      catalogs,
      pace: pace && sharedPace(pace),
    });
    this.#pool = pool;
    try {
      for await (const batch of pool.inspect(walk(this.#settings, this.tally))) {
        this.tally.batch(batch);
        for (const image of batch.images) await this.#report(image);
      }
    } finally {
      await pool.close();
    }
    const { device, roots } = this.#settings;
    return toSweepRow(this.tally, {
      deviceId: device.id,
      deviceName: device.name,
      machineGroup: this.#settings.machineGroup,
      scanId: this.#context.scanId,
      startMs: this.startMs,
      endMs: Date.now(),
      interrupted: this.#interrupted,
      roots: roots.map((root) => this.#settings.paths.show(root.path)),
      ruleDigest: this.#flagging.ruleDigest,
      trustSource: trust.roots.source,
      liveContext: this.#settings.live?.status ?? 'off',
      agentVersion,
    });
  }

  #withLiveContext(record: FileCertificateRecord, file: string): FileCertificateRecord {
    const { live } = this.#settings;
    return live !== undefined && isFlagged(record) ? { ...record, ...live.of(file) } : record;
  }

  async #report(image: Image): Promise<void> {
    const { signatures: reports, malformed, catalog } = image;
    if (!this.#settings.unsigned && reports.length === 0 && malformed.length === 0) return;
    const facts = factsOf(image, this.#settings.paths);
    for (const plain of toRecords(facts, { reports, malformed, catalog }, this.#context)) {
      const record = this.#withLiveContext(this.#flagging.flag(plain), image.path);
      this.tally.record(record);
      await this.#listener.record(record, `${JSON.stringify(record)}\n`);
    }
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
