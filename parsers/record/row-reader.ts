import type { ColumnSpec, ColumnType } from './columns.ts';
import type { RowProblem, RowProblemCode } from './row-problem.ts';

/** Problems listed for one row: enough to repair the sender, bounded for a row of ten thousand wrong keys. */
const MAX_PROBLEMS = 10;
/** UTF-16 units of one string. A Windows path has at most 32,767; Signer and the like are far shorter. */
export const MAX_STRING = 32_768;
/** Levels of arrays and objects in a dynamic value. Findings and Skipped need two. */
const MAX_DEPTH = 16;

const REQUIRED = ['Timestamp', 'DeviceId'];
/** What Log Analytics adds to every row. Source: Azure Monitor, "Standard columns in Azure Monitor Logs". */
const DROPPED = new Set(['TenantId', 'Type', 'SourceSystem']);
const TIMESTAMP_ALIAS = 'TimeGenerated';
const ABSENT = -1;

/** The checked values of one line, in the order of the columns. `dropped` counts columns that exports add and we do not keep. */
export type ReadRow =
  | { readonly kind: 'values'; readonly values: readonly unknown[]; readonly dropped: number }
  | { readonly kind: 'bad'; readonly problems: readonly RowProblem[] };

/** Gives a datetime in the form that is wanted; undefined where the text is none. */
export type ReadDatetime = (text: string) => unknown;

/**
 * Reads the NDJSON lines of one table, driven by columns.ts alone. Columns that are absent are null.
 *
 * Lines of one sender mostly have the same names in the same order, and in many columns the value of the line before: what
 * was found out for that line then holds for this one, and is not found out again.
 */
export class RowReader {
  readonly #columns: readonly (readonly [name: string, type: ColumnType])[];
  readonly #names: ReadonlySet<string>;
  readonly #readDatetime: ReadDatetime;
  #layout: Layout = { keys: [], places: [], dropped: 0, unknown: [] };
  /** By column, as the last line gave them and as they were read. */
  #given: unknown[] = [];
  #read: unknown[] = [];

  constructor(columns: Readonly<Record<string, ColumnSpec>>, readDatetime: ReadDatetime) {
    this.#columns = Object.entries(columns).map(([name, { type }]) => [name, type]);
    this.#names = new Set(Object.keys(columns));
    this.#readDatetime = readDatetime;
  }

  /** `line` counts from 1 and is told in problems. */
  read(text: string, line: number): ReadRow {
    const problems: RowProblem[] = [];
    const report: Report = (code, column, message) => {
      if (problems.length < MAX_PROBLEMS)
        problems.push({ code, line, column: column && shorten(column), message });
    };
    const object = parseObject(text, report);
    if (!object) return { kind: 'bad', problems };

    const { places, dropped, unknown } = this.#layoutOf(Object.keys(object));
    for (const name of unknown)
      report('unknown-column', name, `there is no column ${shorten(name)}`);
    const values = this.#readAll(Object.values(object), places, report);
    return problems.length > 0 ? { kind: 'bad', problems } : { kind: 'values', values, dropped };
  }

  #readAll(given: readonly unknown[], places: readonly number[], report: Report): unknown[] {
    const values: unknown[] = [];
    for (const [index, [name, type]] of this.#columns.entries()) {
      const place = places[index] ?? ABSENT;
      const value = (place === ABSENT ? null : given[place]) ?? null;
      if (value === null) {
        if (REQUIRED.includes(name)) report('missing-column', name, `${name} is required`);
        values.push(null);
      } else if (value === this.#given[index] && this.#read[index] !== null) {
        values.push(this.#read[index]);
      } else {
        const read = this.#readValue(value, name, type, report);
        this.#given[index] = value;
        this.#read[index] = read;
        values.push(read);
      }
    }
    return values;
  }

  /** null where it is wrong, which was reported. */
  #readValue(value: unknown, name: string, type: ColumnType, report: Report): unknown {
    switch (type) {
      case 'string':
        return readString(value, name, report);
      case 'bool':
        return typeof value === 'boolean' ? value : wrongType(name, 'true or false', value, report);
      case 'long':
        return Number.isSafeInteger(value)
          ? value
          : wrongType(name, 'an integer within ±(2^53 - 1)', value, report);
      case 'datetime': {
        const read = typeof value === 'string' ? this.#readDatetime(value) : undefined;
        return read ?? wrongType(name, 'an ISO 8601 date and time', value, report);
      }
      case 'dynamic':
        if (depthWithin(value, MAX_DEPTH)) return value;
        report('too-deep', name, `${name} is nested more than ${MAX_DEPTH} levels deep`);
        return null;
    }
  }

  #layoutOf(keys: readonly string[]): Layout {
    if (!areSame(keys, this.#layout.keys)) this.#layout = this.#newLayout(keys);
    return this.#layout;
  }

  #newLayout(keys: readonly string[]): Layout {
    const placeOf = new Map(keys.map((key, place) => [key, place]));
    const places = this.#columns.map(([name]) => {
      const source = name === 'Timestamp' && !placeOf.has(name) ? TIMESTAMP_ALIAS : name;
      return placeOf.get(source) ?? ABSENT;
    });
    const others = keys.filter((key) => !this.#names.has(key) && key !== TIMESTAMP_ALIAS);
    const unknown = others.filter((key) => !DROPPED.has(key));
    return { keys, places, dropped: others.length - unknown.length, unknown };
  }
}

/** Where the columns are among an object's own keys. */
interface Layout {
  readonly keys: readonly string[];
  /** By column; ABSENT where the object lacks it. */
  readonly places: readonly number[];
  readonly dropped: number;
  /** Names that no column has. */
  readonly unknown: readonly string[];
}

type Report = (code: RowProblemCode, column: string | null, message: string) => void;

function areSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

function parseObject(text: string, report: Report): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    report('not-json', null, `expected one JSON object on this line: ${shorten(error.message)}`);
    return undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  report('not-an-object', null, `expected a JSON object, found ${describe(value)}`);
  return undefined;
}

function readString(value: unknown, name: string, report: Report): string | null {
  if (typeof value !== 'string') return wrongType(name, 'a string', value, report);
  if (value.length > MAX_STRING) {
    report('too-long', name, `${name} has ${value.length} characters, at most ${MAX_STRING} fit`);
    return null;
  }
  if (name === 'DeviceId' && value === '') {
    report('missing-column', name, 'DeviceId must not be empty');
    return null;
  }
  return value.toWellFormed(); // a lone surrogate has no UTF-8 form, so no store could keep it
}

function wrongType(name: string, expected: string, value: unknown, report: Report): null {
  report('wrong-type', name, `${name}: expected ${expected}, found ${describe(value)}`);
  return null;
}

/** Recursion ends at `levels`, however deep the value is. */
function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => depthWithin(inner, levels - 1));
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return shorten(`${typeof value} ${JSON.stringify(value)}`);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
