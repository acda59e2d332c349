import type { Plan, QueryResult } from '../../parsers/kql/plan.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';

/** Rows that were sent together and become durable together. */
export type Batch = {
  /** SHA-256 of the uncompressed body, lower-case hex. A second batch with this id for the table changes nothing. */
  readonly id: string;
  /** When the collector had the whole body: 100 ns ticks. Becomes ReceivedTime. */
  readonly receivedAt: bigint;
  /** When the agent sent it, by its own clock: 100 ns ticks; absent where it did not say. */
  readonly sentAt?: bigint;
} & (
  | { readonly table: 'AgentFileCertificateInfo'; readonly rows: readonly FileCertificateRecord[] }
  | { readonly table: 'AgentSweepInfo'; readonly rows: readonly SweepRow[] }
);

/** The tables that agents write. DeviceFileCertificateInfo is a view of the first. */
export const INGEST_TABLES = ['AgentFileCertificateInfo', 'AgentSweepInfo'] as const;
export type IngestTable = (typeof INGEST_TABLES)[number];

export interface AppendResult {
  readonly rows: number;
  /** Rows that were new. The others are there already, with the same content in every column but ReceivedTime. */
  readonly stored: number;
  /** This batch was stored before, so nothing was done. */
  readonly duplicate: boolean;
}

/** What a query may cost. Past a limit it is an error: a cut-off answer would read as a whole one. */
export interface QueryLimits {
  readonly rows: number;
  /** Of the answer: UTF-16 units of strings and dynamic values, 8 for every other value. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Kusto's own limits for an interactive query. Source: Kusto documentation, "Query limits". */
export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  rows: 500_000,
  bytes: 64 * 1024 * 1024,
  milliseconds: 60_000,
};

export interface RunOptions {
  /** now() of the query, 100 ns ticks. */
  readonly now: bigint;
  readonly limits: QueryLimits;
  /** Stops the query; the promise rejects with StoreError `cancelled`. */
  readonly signal?: AbortSignal;
}

/** What a store can say of itself without reading its rows. Times are 100 ns ticks. */
export interface StoreStatus {
  readonly schemaVersion: number;
  /** Of the database file on disk, in bytes; `freeBytes` of it hold nothing. */
  readonly databaseBytes: number;
  readonly freeBytes: number;
  /** Of what is written and not yet in the database file. */
  readonly walBytes: number;
  /** Rows of AgentFileCertificateInfo: counted as they come and go, exact. */
  readonly observations: number;
  /** Devices that ever sent a batch. */
  readonly devices: number;
  /** When the oldest and newest batch that the store remembers came; null without one. */
  readonly oldestReceived: bigint | null;
  readonly newestReceived: bigint | null;
  /** The last retention that ran to its end, and the records and sweep rows that it removed. */
  readonly lastRetention: { readonly at: bigint; readonly removed: number } | null;
}

/** Where rows live. Every implementation passes test/collector/store/store-contract.ts; SQL never leaves it. */
export interface Store {
  /** Resolves when the batch is on disk: all of it, or, when it rejects, none of it. */
  append(batch: Batch): Promise<AppendResult>;
  run(plan: Plan, options: RunOptions): Promise<QueryResult>;
  status(): Promise<StoreStatus>;
  /**
   * Removes records and sweep rows whose Timestamp is before `before` (ticks), and those from a future that has come to
   * nothing: received before it, and dated after the newest batch. Sightings and contacts stay. Ingest goes on meanwhile.
   */
  retain(before: bigint): Promise<{ readonly removed: number }>;
  /** Writes a consistent copy to `file`, which must not exist. Rows that come meanwhile may or may not be in it. */
  backup(file: string): Promise<{ readonly bytes: number }>;
  /** Waits for what was accepted, then frees files and threads. */
  close(): Promise<void>;
}
