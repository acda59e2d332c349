import type { canonicalColumns } from '../record/columns.ts';
import type { RowProblemCode } from '../record/row-problem.ts';

/** What an exported value of each column type is. Datetimes are ticks of 100 ns (parsers/record/datetime.ts). */
interface ExportValue {
  string: string;
  bool: boolean;
  datetime: bigint;
  long: bigint;
}

/**
 * One row of DeviceFileCertificateInfo as Sentinel or Defender exported it: the 18 columns, null where one is absent.
 * Texts are as the export has them (an empty one stays empty, hex keeps its case). Of DeviceId and DeviceName at least one
 * is there and not empty.
 */
export type ExportRow = {
  readonly [Name in keyof typeof canonicalColumns]:
    | ExportValue[(typeof canonicalColumns)[Name]['type']]
    | (Name extends 'Timestamp' ? never : null);
};

/** The formats by name. What each looks like and where that was taken from: docs/coverage.md. */
export const EXPORT_FORMATS = [
  'eventhub',
  'graph',
  'defender-api',
  'log-analytics',
  'log-analytics-csv',
  'portal-csv',
  'certsweep-csv',
  'ndjson',
] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Day first or month first, in dates such as 03/04/2026. */
export type DateOrder = 'dmy' | 'mdy';

export interface ExportOptions {
  /** The export's name, for messages. */
  readonly name: string;
  /** Without it the content says which format it is. */
  readonly format?: ExportFormat;
  /** IANA name or offset (+01:00) of times that carry no zone of their own. Only CSV has such times. */
  readonly timeZone?: string;
  /** Without it some row must settle it. */
  readonly dateOrder?: DateOrder;
}

/** Why a row was refused. Stable: tests, reports and logs depend on these names. */
export type ExportProblemCode =
  | RowProblemCode
  | 'bad-quotes'
  | 'cell-count'
  | 'bad-date'
  | 'no-such-local-time'
  | 'local-time-twice';

/** One malformed row, by the first thing that is wrong with it. */
export interface ExportProblem {
  /** 1-based: the line where the row begins (CSV, JSON Lines), else the place in the array of rows. */
  readonly place: number;
  /** null where the whole row is wrong. */
  readonly column: string | null;
  readonly code: ExportProblemCode;
  /** A sentence that says what was expected. */
  readonly message: string;
}

/** What was read and left, said once at the end of an export that could be read to its end. */
export interface ExportCounts {
  readonly rows: number;
  readonly bad: number;
  /** Event Hub records of another category and rows of tables after the first. */
  readonly otherRows: number;
  /** Columns that were not kept, with the number of rows that had them. The first 100 names; `(others)` is the rest. */
  readonly droppedColumns: ReadonlyMap<string, number>;
}

/** What readExport() yields: the format first, then rows and bad rows in file order, the counts last. */
export type ExportItem =
  | { readonly kind: 'format'; readonly format: ExportFormat }
  | { readonly kind: 'row'; readonly row: ExportRow; readonly place: number }
  | { readonly kind: 'bad'; readonly problem: ExportProblem }
  | { readonly kind: 'end'; readonly counts: ExportCounts };
