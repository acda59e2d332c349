import type { CapturedText } from './captured-bytes.ts';
import { ExportError } from './export-error.ts';
import type { ExportFormat } from './export-row.ts';
import { type JsonElement, JsonElements, JsonStructureError } from './json-elements.ts';
import { JsonLines } from './json-lines.ts';
import { columnIndex, type RowSink } from './row-sink.ts';
import { jsonDialect } from './to-export-row.ts';

/** Where rows, their columns and an error stand in each format. Sources: docs/coverage.md. */
const SHAPES: Partial<Record<ExportFormat, { rows: string; columns?: string }>> = {
  eventhub: { rows: 'records[]' },
  graph: { rows: 'results[]', columns: 'schema' },
  'defender-api': { rows: 'Results[]', columns: 'Schema' },
  'log-analytics': { rows: 'tables[].rows[]', columns: 'tables[].columns' },
  ndjson: { rows: '' },
};
const ERROR = 'error';
const CATEGORY = 'AdvancedHunting-DeviceFileCertificateInfo';

/** An export in JSON: bytes in, rows into `sink`. */
export class JsonExport {
  readonly #format: ExportFormat;
  readonly #name: string;
  readonly #sink: RowSink;
  readonly #splitter: JsonElements | JsonLines;
  readonly #rowsPath: string;
  #tables = 0;
  #place = 0;
  /** Of each value of a row that is an array: its place in an ExportRow, or its name where it is not kept. */
  #columns: readonly (number | string)[] | undefined;

  constructor(format: ExportFormat, isLines: boolean, name: string, sink: RowSink) {
    this.#format = format;
    this.#name = name;
    this.#sink = sink;
    const shape = SHAPES[format];
    if (!shape) throw new Error(`${format} is not JSON`);
    this.#rowsPath = isLines ? '' : shape.rows;
    this.#splitter = isLines
      ? new JsonLines()
      : new JsonElements(shape.rows, [...(shape.columns ? [shape.columns] : []), ERROR]);
  }

  push(chunk: Uint8Array): void {
    this.#read((found) => this.#splitter.push(chunk, found));
  }

  end(): void {
    this.#read((found) => this.#splitter.end(found));
    if (SHAPES[this.#format]?.columns === undefined || this.#tables > 0 || this.#place > 0) return;
    const message = `neither columns nor rows of ${this.#format} are in it`;
    throw new ExportError('unknown-format', this.#name, 'end', message);
  }

  #read(split: (found: JsonElement[]) => void): void {
    const found: JsonElement[] = [];
    try {
      split(found);
    } catch (error) {
      if (!(error instanceof JsonStructureError)) throw error;
      for (const element of found) this.#take(element);
      throw new ExportError(error.code, this.#name, `byte ${error.offset}`, error.message);
    }
    for (const element of found) this.#take(element);
  }

  #take({ path, captured, offset }: JsonElement): void {
    if (path !== this.#rowsPath) {
      const value = captured.text === undefined ? undefined : parseExact(captured.text);
      if (path === '') this.#takeDocument(value, captured, offset);
      else if (path === ERROR) this.#serviceError(value, offset);
      else this.#takeColumns(value, offset);
      return;
    }
    this.#place = this.#splitter instanceof JsonLines ? offset : this.#place + 1;
    this.#takeValue(captured);
  }

  #takeValue(captured: CapturedText): void {
    if (captured.text === undefined) {
      this.#sink.refuse(this.#place, captured.code, captured.message);
      return;
    }
    const value = parseExact(captured.text);
    if (value === undefined) this.#sink.refuse(this.#place, 'not-json', 'expected JSON');
    else this.#takeRow(value);
  }

  /** A document in which no row was found: a record of the stream without its wrapper, or an answer of no rows. */
  #takeDocument(value: unknown, captured: CapturedText, offset: number): void {
    if (this.#format === 'eventhub') {
      this.#place += 1;
      this.#takeValue(captured);
    } else if (!isEmptyAnswer(value, this.#rowsPath)) {
      const shown = captured.text === undefined ? captured.message : captured.text.slice(0, 300);
      const message = `expected an array ${this.#rowsPath.replace(/\[\]$/, '')}, found ${shown}`;
      throw new ExportError('bad-json', this.#name, `byte ${offset}`, message);
    }
  }

  #takeRow(value: unknown): void {
    if (this.#format === 'log-analytics') this.#takeArray(value);
    else if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.#sink.refuse(this.#place, 'not-an-object', 'expected a JSON object');
    else if (this.#format === 'eventhub') this.#takeEvent(value);
    else this.#sink.addObject(value, jsonDialect, this.#place);
  }

  /** One record of the stream, or a message of several on one line. */
  #takeEvent(value: object): void {
    if ('records' in value && Array.isArray(value.records)) {
      for (const record of value.records) {
        if (typeof record === 'object' && record !== null) this.#takeRecord(record);
        else this.#sink.refuse(this.#place, 'not-an-object', 'expected a record');
      }
    } else this.#takeRecord(value);
  }

  #takeRecord(value: object): void {
    const category = 'category' in value ? value.category : undefined;
    const properties = 'properties' in value ? value.properties : undefined;
    if (typeof category === 'string' && category !== CATEGORY) this.#sink.otherRows += 1;
    else if (category !== CATEGORY || typeof properties !== 'object' || properties === null)
      this.#sink.refuse(
        this.#place,
        'missing-column',
        `expected category ${CATEGORY} and properties`,
      );
    else this.#sink.addObject(properties, jsonDialect, this.#place);
  }

  #takeArray(value: unknown): void {
    if (this.#tables > 1) {
      this.#sink.otherRows += 1;
      return;
    }
    if (!this.#columns)
      throw new ExportError(
        'bad-json',
        this.#name,
        `row ${this.#place}`,
        'rows stand before columns, so that their values have no names: put columns first, as the service writes them',
      );
    if (!Array.isArray(value) || value.length !== this.#columns.length) {
      const message = `expected an array of ${this.#columns.length} values`;
      this.#sink.refuse(this.#place, 'cell-count', message);
      return;
    }
    const values: unknown[] = [];
    this.#columns.forEach((column, index) => {
      if (typeof column === 'number') values[column] = value[index];
      else this.#sink.drop(column);
    });
    this.#sink.add(values, jsonDialect, this.#place);
  }

  #takeColumns(value: unknown, offset: number): void {
    this.#tables += 1;
    if (this.#tables > 1) return;
    const given = Array.isArray(value) ? value : [];
    const names = given.map((each) => String(each?.name ?? each?.Name));
    if (names.length === 0 && this.#format !== 'log-analytics') return; // rows name their own
    this.#columns = placeColumns(names, this.#name, `byte ${offset}`);
  }

  #serviceError(value: unknown, offset: number): never {
    const message = `the service answered with an error: ${JSON.stringify(value)?.slice(0, 300)}`;
    const code = this.#place > 0 || this.#columns ? 'partial-result' : 'service-error';
    throw new ExportError(code, this.#name, `byte ${offset}`, message);
  }
}

/** The place of each named column in a row, or its name. Throws where a required one is absent or one stands twice. */
export function placeColumns(
  names: readonly string[],
  name: string,
  place: string,
): (number | string)[] {
  const set = new Set(names);
  const listed = names.slice(0, 50).join(', ').slice(0, 500);
  if (set.size < names.length)
    throw new ExportError('duplicate-column', name, place, `a column stands twice: ${listed}`);
  if (!set.has('Timestamp') && !set.has('TimeGenerated'))
    throw new ExportError(
      'missing-column',
      name,
      place,
      `no Timestamp and no TimeGenerated in: ${listed}`,
    );
  if (!set.has('DeviceId') && !set.has('DeviceName'))
    throw new ExportError(
      'missing-column',
      name,
      place,
      `no DeviceId and no DeviceName in: ${listed}`,
    );
  return names.map((each) => columnIndex(each, set) ?? each);
}

/** Whether the array is there at this path, and has nothing in it: `tables[].rows[]`. */
function isEmptyAnswer(value: unknown, path: string): boolean {
  let found: unknown = value;
  for (const key of path.slice(0, -2).split('[].')) {
    const first: unknown = Array.isArray(found) ? found[0] : found;
    found =
      typeof first === 'object' && first !== null && Object.hasOwn(first, key)
        ? (first as Record<string, unknown>)[key]
        : undefined;
  }
  return Array.isArray(found) && found.length === 0;
}

const UNQUOTED_LONG = /[:,[]\s*-?\d{16}/;

/** JSON with integers past 2^53 as bigint; undefined where it is no JSON. */
function parseExact(text: string): unknown {
  try {
    // A number of 16 digits may be past 2^53; the reviver costs five times the parser, so only such rows pay it.
    return UNQUOTED_LONG.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  const past = typeof value === 'number' && !Number.isSafeInteger(value);
  return past && source !== undefined && /^-?\d{16,19}$/.test(source) ? BigInt(source) : value;
}
