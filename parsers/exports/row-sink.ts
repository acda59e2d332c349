import type { ExportCounts, ExportItem, ExportProblemCode } from './export-row.ts';
import { bad, type Dialect, EXPORT_COLUMNS, toExportRow, type Value } from './to-export-row.ts';

/** Names of dropped columns that are counted one by one. */
const MAX_DROPPED_NAMES = 100;
const OTHERS = '(others)';
const INDEX = new Map<string, number>(EXPORT_COLUMNS.map(({ name }, index) => [name, index]));
/** Log Analytics has only this name for the time. */
const TIMESTAMP_ALIAS = 'TimeGenerated';

/** The place of a column in a row, or undefined where it is not kept. */
export function columnIndex(
  name: string,
  names: { has(name: string): boolean },
): number | undefined {
  return name === TIMESTAMP_ALIAS && !names.has('Timestamp')
    ? INDEX.get('Timestamp')
    : INDEX.get(name);
}

/** Takes rows in any format's shape, and counts. */
export class RowSink {
  items: ExportItem[] = [];
  otherRows = 0;
  #rows = 0;
  #bad = 0;
  readonly #dropped = new Map<string, number>();

  /** Values in the order of EXPORT_COLUMNS. */
  add(values: readonly Value[], dialect: Dialect, place: number): void {
    const converted = toExportRow(values, dialect, place);
    if (converted.kind === 'row') {
      this.#rows += 1;
      this.items.push({ kind: 'row', row: converted.row, place });
    } else {
      this.#bad += 1;
      this.items.push(converted);
    }
  }

  /** A row as a JSON object. Own properties only: `constructor` is not a value. */
  addObject(value: object, dialect: Dialect, place: number): void {
    const names = { has: (name: string) => Object.hasOwn(value, name) };
    const values: Value[] = new Array(EXPORT_COLUMNS.length).fill(null);
    for (const name of Object.keys(value)) {
      const each = (value as Record<string, Value>)[name];
      const index = columnIndex(name, names);
      if (index !== undefined) values[index] = each;
      else if (name !== TIMESTAMP_ALIAS) this.drop(name);
    }
    this.add(values, dialect, place);
  }

  refuse(place: number, code: ExportProblemCode, message: string): void {
    this.#bad += 1;
    this.items.push(bad(place, null, code, message));
  }

  /** Counts a column of one row that is not kept. */
  drop(name: string): void {
    const short = name.slice(0, 80);
    const counted = this.#dropped.has(short) || this.#dropped.size < MAX_DROPPED_NAMES;
    const key = counted ? short : OTHERS;
    this.#dropped.set(key, (this.#dropped.get(key) ?? 0) + 1);
  }

  counts(): ExportCounts {
    const { otherRows } = this;
    return { rows: this.#rows, bad: this.#bad, otherRows, droppedColumns: this.#dropped };
  }
}
