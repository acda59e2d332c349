import { CapturedBytes, type CapturedText } from './captured-bytes.ts';

/** What the splitter found. */
export interface JsonElement {
  /** The keys that lead to it, [] for an array's element: `tables[].rows[]`. Empty for a value of the top level. */
  readonly path: string;
  readonly captured: CapturedText;
  /** Byte of the text at which the value begins. */
  readonly offset: number;
}

/** The text between values is no JSON, at this byte. */
export class JsonStructureError extends Error {
  override readonly name = 'JsonStructureError';
  readonly code: 'bad-json' | 'truncated' | 'too-deep';
  readonly offset: number;

  constructor(code: 'bad-json' | 'truncated' | 'too-deep', offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

/** Levels of arrays and objects anywhere in the text. */
const MAX_DEPTH = 64;
/** Bytes of a key outside handed-on values. */
const MAX_KEY_BYTES = 256;

const [SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [0x20, 0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const BRACKETS: readonly number[] = [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY];

interface Level {
  readonly path: string;
  readonly isArray: boolean;
  /** Whether each of its elements is a target, or may have some within. */
  readonly isList: boolean;
  key: string;
}

/** A value that is being read. */
interface Reading {
  readonly path: string;
  /** Levels that are open within it, itself included. */
  readonly depth: number;
  readonly offset: number;
  /** Where its bytes begin in the chunk. */
  from: number;
  readonly bytes: CapturedBytes;
}

/**
 * Cuts JSON text of any length into its rows and the values at `others`, without keeping the rest. Only quotes, escapes and
 * brackets are looked at: whether a value is JSON is for JSON.parse to say. Several documents in a row are fine, as JSON Lines
 * has them. A document without a row is found whole, so that none is passed over.
 */
export class JsonElements {
  readonly #rows: string;
  readonly #targets: ReadonlySet<string>;
  readonly #levels: Level[] = [];
  #consumed = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of the string being read outside a target, to know a key. */
  #string: number[] = [];
  /** The last string, until a colon says that it was a key. */
  #lastString = '';
  #target: Reading | undefined;
  /** An object of the top level in which no row was found yet. */
  #document: Reading | undefined;

  /** `rows` and `others` are paths. */
  constructor(rows: string, others: readonly string[]) {
    this.#rows = rows;
    this.#targets = new Set([rows, ...others]);
  }

  /** Appends what ended in this chunk to `found`. Throws JsonStructureError; what was found before it counts. */
  push(chunk: Uint8Array, found: JsonElement[]): void {
    if (this.#target) this.#target.from = 0;
    if (this.#document) this.#document.from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#target && !this.#escaped) {
        at = this.#inString ? nextInString(chunk, at) : nextMark(chunk, at);
        if (at >= chunk.length) break;
      }
      const byte = chunk[at] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#endString();
        if (this.#inString && !this.#target && this.#string.length < MAX_KEY_BYTES)
          this.#string.push(byte);
        continue;
      }
      if (!this.#target && byte > SPACE) this.#expectList(byte, this.#consumed + at);
      if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.#open(byte === OPEN_ARRAY, at);
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.#close(byte === CLOSE_ARRAY, this.#consumed + at);
        const ended = this.#ended();
        if (ended) {
          ended.bytes.add(chunk.slice(ended.from, at + 1));
          const { path, offset } = ended;
          found.push({ path, offset, captured: ended.bytes.take() });
        }
      } else if (byte === COLON && !this.#target) {
        const level = this.#levels.at(-1);
        if (level && !level.isArray) level.key = this.#lastString;
      }
    }
    for (const reading of [this.#target, this.#document])
      reading?.bytes.add(chunk.slice(reading.from));
    this.#consumed += chunk.length;
  }

  /** Throws where the text ended inside a value. */
  end(): void {
    if (this.#levels.length > 0 || this.#inString)
      throw new JsonStructureError('truncated', this.#consumed, 'the text ends inside a value');
  }

  /** Between rows there is nothing but them: no number, text or null that would be passed over. */
  #expectList(byte: number, offset: number): void {
    const level = this.#levels.at(-1);
    if (BRACKETS.includes(byte) || byte === COMMA || (level && !level.isList)) return;
    throw new JsonStructureError('bad-json', offset, 'expected { or [');
  }

  #open(isArray: boolean, at: number): void {
    const offset = this.#consumed + at;
    if (this.#levels.length >= MAX_DEPTH)
      throw new JsonStructureError('too-deep', offset, `nested more than ${MAX_DEPTH} levels deep`);
    const parent = this.#levels.at(-1);
    const path = parent ? pathBelow(parent) : '';
    const isList = isArray && (path === '' || this.#targets.has(`${path}[]`));
    this.#levels.push({ path, isArray, isList, key: '' });
    if (this.#target || (path === '' && isArray)) return; // an array at the top is a list of such values
    const reading = { path, depth: this.#levels.length, offset, from: at };
    if (this.#targets.has(path)) this.#target = { ...reading, bytes: new CapturedBytes() };
    if (path === this.#rows) this.#document = undefined;
    else if (path === '') this.#document = { ...reading, bytes: new CapturedBytes() };
  }

  #close(isArray: boolean, offset: number): void {
    const level = this.#levels.pop();
    if (level?.isArray !== isArray)
      throw new JsonStructureError('bad-json', offset, 'a bracket closes what was not opened');
  }

  /** The value that the last bracket ended, if it is one that is handed on. */
  #ended(): Reading | undefined {
    const reading = this.#target ?? this.#document;
    if (!reading || this.#levels.length >= reading.depth) return undefined;
    if (reading === this.#target) this.#target = undefined;
    else this.#document = undefined;
    return reading;
  }

  #endString(): void {
    this.#inString = false;
    if (this.#target) return;
    this.#lastString = String.fromCharCode(...this.#string); // keys that are looked for are ASCII
    this.#string = [];
  }
}

/** The next byte that matters inside a string: most bytes of an export do not. */
function nextInString(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
  return at;
}

/** The next quote or bracket. */
function nextMark(chunk: Uint8Array, from: number): number {
  let at = from;
  for (; at < chunk.length; at += 1) {
    const byte = chunk[at] as number;
    if (byte === QUOTE || (byte | 0x26) === 0x7f) return at; // [ ] { }, and Y y _, which do no harm
  }
  return at;
}

function pathBelow({ path, isArray, key }: Level): string {
  if (isArray) return path === '' ? '' : `${path}[]`;
  return path === '' ? key : `${path}.${key}`;
}
