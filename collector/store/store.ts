import type { Plan, QueryResult } from '../../parsers/kql/plan.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';

/** Rows that were sent together and become durable together. */
export type Batch = {
  /** SHA-256 of the uncompressed body, lower-case hex. A second batch with this id for the table changes nothing. */
  readonly id: string;
  /** When the collector had the whole body: 100 ns ticks. Becomes ReceivedTime. */
  readonly receivedAt: bigint;
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

/** Where rows live. Every implementation passes test/collector/store/store-contract.ts; SQL never leaves it. */
export interface Store {
  /** Resolves when the batch is on disk: all of it, or, when it rejects, none of it. */
  append(batch: Batch): Promise<AppendResult>;
  run(plan: Plan, options: RunOptions): Promise<QueryResult>;
  /** Waits for what was accepted, then frees files and threads. */
  close(): Promise<void>;
}
