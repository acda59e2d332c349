import type { ColumnType } from '../../parsers/record/columns.ts';

/**
 * Rows as they cross from thread to thread: numbers in typed arrays, strings in one text. Structured clone copies these in
 * one go, and would take longer for arrays of values than it takes to read the rows from their JSON.
 */
export interface PackedRows {
  readonly count: number;
  /** By row and column: NULL, SAME, or what the column's type needs (unpackRows() says what). */
  readonly cells: Int32Array<ArrayBuffer>;
  readonly ticks: BigInt64Array<ArrayBuffer>;
  readonly longs: Float64Array<ArrayBuffer>;
  readonly dynamics: readonly unknown[];
  readonly text: string;
}

const NULL = -1;
/** As in the row before: most columns of a device's batch, often. */
const SAME = -2;
/** The value is the next one of its kind. */
const NEXT = 0;

/** Packs rows whose values are in the order of `types` and of these: string, boolean, integer, ticks (bigint), JSON, or null. */
export class RowPacker {
  readonly #types: readonly ColumnType[];
  #count = 0;
  readonly #cells: number[] = [];
  readonly #ticks: bigint[] = [];
  readonly #longs: number[] = [];
  readonly #dynamics: unknown[] = [];
  readonly #texts: string[] = [];
  #before: readonly unknown[] = [];

  constructor(types: readonly ColumnType[]) {
    this.#types = types;
  }

  get count(): number {
    return this.#count;
  }

  add(values: readonly unknown[]): void {
    const before = this.#before;
    for (let column = 0; column < this.#types.length; column += 1) {
      const value = values[column] ?? null;
      if (value === null) this.#cells.push(NULL);
      else if (value === before[column] || (isEmptyArray(value) && isEmptyArray(before[column])))
        this.#cells.push(SAME);
      else this.#cells.push(this.#pack(value, this.#types[column] ?? 'dynamic'));
    }
    this.#before = values;
    this.#count += 1;
  }

  #pack(value: unknown, type: ColumnType): number {
    switch (type) {
      case 'string':
        this.#texts.push(value as string);
        return (value as string).length;
      case 'bool':
        return Number(value);
      case 'long':
        this.#longs.push(value as number);
        return NEXT;
      case 'datetime':
        this.#ticks.push(value as bigint);
        return NEXT;
      case 'dynamic':
        this.#dynamics.push(value);
        return NEXT;
    }
  }

  finish(): PackedRows {
    return {
      count: this.#count,
      cells: Int32Array.from(this.#cells),
      ticks: BigInt64Array.from(this.#ticks),
      longs: Float64Array.from(this.#longs),
      dynamics: this.#dynamics,
      text: this.#texts.join(''),
    };
  }
}

/** What postMessage() may hand over instead of copying. */
export function buffersOf({ cells, ticks, longs }: PackedRows): ArrayBuffer[] {
  return [cells.buffer, ticks.buffer, longs.buffer];
}

/** The rows that a RowPacker for the same types took. Equal values of neighbours are one value, so that comparing them is cheap. */
export function unpackRows(packed: PackedRows, types: readonly ColumnType[]): unknown[][] {
  const { count, cells, ticks, longs, dynamics, text } = packed;
  const next = { cell: 0, tick: 0, long: 0, dynamic: 0, text: 0 };
  const rows: unknown[][] = [];
  let before: readonly unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    const row: unknown[] = [];
    for (let column = 0; column < types.length; column += 1) {
      const cell = cells[next.cell++] ?? NULL;
      if (cell === NULL) row.push(null);
      else if (cell === SAME) row.push(before[column]);
      else row.push(unpack(types[column] ?? 'dynamic', cell));
    }
    rows.push(row);
    before = row;
  }
  return rows;

  function unpack(type: ColumnType, cell: number): unknown {
    switch (type) {
      case 'string': {
        const start = next.text;
        next.text += cell;
        return text.slice(start, next.text);
      }
      case 'bool':
        return cell === 1;
      case 'long':
        return longs[next.long++];
      case 'datetime':
        return ticks[next.tick++];
      case 'dynamic':
        return dynamics[next.dynamic++];
    }
  }
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
