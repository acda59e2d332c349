import { ExportError } from '../../parsers/exports/export-error.ts';
import type {
  DateOrder,
  ExportFormat,
  ExportItem,
  ExportProblem,
  ExportRow,
} from '../../parsers/exports/export-row.ts';
import { readExportBatches } from '../../parsers/exports/read-export.ts';
import type { CellValue } from '../../parsers/kql/plan.ts';
import { unixMsFromTicks } from '../../parsers/record/datetime.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { COMPARED_FIELDS } from './compared-facts.ts';
import type { SideTarget } from './read-ground-truth.ts';
import { countRow } from './side.ts';
import { isIn, type Span, WITHIN, whenOf } from './window.ts';

/** One export, wherever it comes from. */
export type ExportSource = ChunkSource | ItemSource;

/** An export of which the bytes are there. */
interface ChunkSource {
  readonly name: string;
  /** Read once, from the first byte. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly format?: ExportFormat;
  readonly timeZone?: string;
  readonly dateOrder?: DateOrder;
}

/** An export that was read elsewhere, as readExportBatches() reads one. */
export interface ItemSource {
  readonly name: string;
  readonly items: AsyncIterable<readonly ExportItem[]>;
}

/** What became of one export. */
export interface ExportSummary {
  readonly name: string;
  /** undefined where that could not be told. */
  format: ExportFormat | undefined;
  rows: number;
  bad: number;
  /** Rows outside the window that was asked for; undefined without one. */
  outside: number;
  /** Rows without a SHA1, of which no file is known. */
  withoutHash: number;
  /** Rows of other tables or categories that were left. */
  otherRows: number;
  /** Columns that were not kept, and how many rows had them. */
  droppedColumns: ReadonlyMap<string, number>;
  /** Why the rest could not be read; undefined where it was read whole. */
  stopped: string | undefined;
}

export interface ExportTarget extends SideTarget {
  /** What options ask for: rows outside it are counted and left. */
  readonly asked: TimeWindow | undefined;
  /** From the first to the last record of the collector. A row of an export is in the common window where it is in this. */
  readonly agent: TimeWindow | undefined;
  /** Grows with the rows. */
  readonly span: Span;
  onProblem(name: string, problem: ExportProblem): void;
}

/** Puts the rows of an export into the scratch file. What was read before an error counts. */
export async function readExportInto(
  source: ExportSource,
  target: ExportTarget,
): Promise<ExportSummary> {
  const summary: ExportSummary = {
    name: source.name,
    format: undefined,
    rows: 0,
    bad: 0,
    outside: 0,
    withoutHash: 0,
    otherRows: 0,
    droppedColumns: new Map(),
    stopped: undefined,
  };
  try {
    for await (const items of batchesOf(source))
      for (const item of items) take(item, summary, target);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    summary.stopped = error.message;
  }
  return summary;
}

function batchesOf(source: ExportSource): AsyncIterable<readonly ExportItem[]> {
  if ('items' in source) return source.items;
  const { chunks, ...options } = source;
  return readExportBatches(chunks, options);
}

function take(item: ExportItem, summary: ExportSummary, target: ExportTarget): void {
  switch (item.kind) {
    case 'row':
      summary.rows += 1;
      addRow(item.row, summary, target);
      return;
    case 'bad':
      summary.bad += 1;
      target.onProblem(summary.name, item.problem);
      return;
    case 'format':
      summary.format = item.format;
      return;
    case 'end':
      summary.otherRows = item.counts.otherRows;
      summary.droppedColumns = item.counts.droppedColumns;
  }
}

function addRow(row: ExportRow, summary: ExportSummary, target: ExportTarget): void {
  const { scratch, devices, match, asked, agent, span } = target;
  const ticks = row.Timestamp;
  const isAsked = !asked || isIn(asked, ticks);
  const seen = whenOf(agent, ticks);
  const isInWindow = isAsked && seen === WITHIN;
  const device = devices.find(row.DeviceId ?? '', row.DeviceName ?? '');
  countRow(device, ticks, isInWindow);
  if (!isAsked) {
    summary.outside += 1;
    return;
  }
  span.add(ticks);
  const sha1 = (row.SHA1 ?? '').toLowerCase();
  if (sha1 === '') summary.withoutHash += 1;
  else {
    const cells = COMPARED_FIELDS.map(({ name }) => row[name]);
    scratch.addSighting(
      'export',
      device.index,
      sha1,
      cells,
      '',
      unixMsFromTicks(ticks),
      isInWindow,
    );
  }
  const read = (column: string): CellValue =>
    row[(column === 'TimeGenerated' ? 'Timestamp' : column) as keyof ExportRow];
  for (const rule of match(row.Signer ?? '', read))
    scratch.addHit('export', rule, device.index, sha1, seen);
}
