import type { RowProblem } from '../../parsers/record/row-problem.ts';
import type { AppendResult, IngestTable } from '../store/store.ts';
import type { BatchErrorCode } from './batch-error.ts';
import type { BodyEncoding } from './inflate.ts';

/** A body as a sender gave it, and what must be true of it. */
export interface SentBatch {
  readonly table: IngestTable;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly encoding: BodyEncoding;
  /** What the sender says is the SHA-256 of the uncompressed body. */
  readonly batchHeader: string | string[] | undefined;
  /** Whose rows alone may be in it; null where nobody's may, undefined where anybody's may. */
  readonly deviceId: string | null | undefined;
  /** When the collector had the whole body: 100 ns ticks. */
  readonly receivedAt: bigint;
  /** When the agent sent it, by its own clock: 100 ns ticks. */
  readonly sentAt: bigint | undefined;
  readonly limits: BatchLimits;
}

export interface BatchLimits {
  /** Bytes after decompression. */
  readonly inflated: number;
  readonly rows: number;
}

/** What became of a batch before it came to the writer. Refusals are told as data: an error does not keep its class across threads. */
export type ReadBatch =
  /** Passed on to the writer. `batch` is the SHA-256 of the uncompressed body, lower-case hex. */
  | { readonly kind: 'passed-on'; readonly batch: string }
  | {
      readonly kind: 'refused';
      readonly code: BatchErrorCode;
      readonly message: string;
      readonly problems: readonly RowProblem[];
    }
  /** Row `row`, from 1, is of another device. */
  | { readonly kind: 'foreign'; readonly row: number };

export interface Intake {
  /**
   * Reads and stores a batch, all of it or none of it; resolves when it is on disk, or was refused. Throws StoreError: `busy`
   * where the sender should try again.
   */
  take(sent: SentBatch): Promise<TakenBatch>;
}

export type TakenBatch =
  | Exclude<ReadBatch, { kind: 'passed-on' }>
  | { readonly kind: 'stored'; readonly batch: string; readonly result: AppendResult };
