/** What the splitter found. `text` is undefined where the value was longer than MAX_ELEMENT_BYTES or is not UTF-8. */
export interface JsonElement {
  /** The keys that lead to it, [] for an array's element: `tables[].rows[]`. Empty for a value of the top level. */
  readonly path: string;
  readonly text: string | undefined;
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

/** Bytes of one value that is handed on whole: a row has some 2 KB. */
export const MAX_ELEMENT_BYTES = 4 * 1024 * 1024;
/** Levels of arrays and objects anywhere in the text. */
const MAX_DEPTH = 64;
/** Bytes of a key outside handed-on values. */
const MAX_KEY_BYTES = 256;

const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, COMMA, COLON] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a,
];

interface Level {
  readonly path: string;
  readonly isArray: boolean;
  key: string;
}

/**
 * Cuts JSON text of any length into the values at `targets`, without keeping the rest. Only quotes, escapes and brackets are
 * looked at: whether a value is JSON is for JSON.parse to say. Several documents in a row are fine, as JSON Lines has them.
 */
export class JsonElements {
  readonly #targets: ReadonlySet<string>;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #levels: Level[] = [];
  #consumed = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of the string being read outside a target, to know a key. */
  #string: number[] = [];
  /** The last string, until a colon says that it was a key. */
  #lastString = '';
  #target:
    | { path: string; depth: number; offset: number; parts: Uint8Array[]; size: number }
    | undefined;

  constructor(targets: readonly string[]) {
    this.#targets = new Set(targets);
  }

  /** Appends what ended in this chunk to `found`. Throws JsonStructureError; what was found before it counts. */
  push(chunk: Uint8Array, found: JsonElement[]): void {
    let from = 0;
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
      if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (this.#open(byte === OPEN_ARRAY, this.#consumed + at)) from = at;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (this.#close(byte === CLOSE_ARRAY, this.#consumed + at)) {
          this.#keep(chunk.subarray(from, at + 1));
          found.push(this.#take());
        }
      } else if (byte === COLON && !this.#target) {
        const level = this.#levels.at(-1);
        if (level && !level.isArray) level.key = this.#lastString;
      } else if (byte > 0x20 && byte !== COMMA && this.#levels.length === 0) {
        throw new JsonStructureError('bad-json', this.#consumed + at, 'expected { or [');
      }
    }
    if (this.#target) this.#keep(chunk.subarray(from));
    this.#consumed += chunk.length;
  }

  /** Throws where the text ended inside a value. */
  end(): void {
    if (this.#levels.length > 0 || this.#inString)
      throw new JsonStructureError('truncated', this.#consumed, 'the text ends inside a value');
  }

  /** True where a target begins. */
  #open(isArray: boolean, offset: number): boolean {
    if (this.#levels.length >= MAX_DEPTH)
      throw new JsonStructureError('too-deep', offset, `nested more than ${MAX_DEPTH} levels deep`);
    const parent = this.#levels.at(-1);
    const path = parent ? pathBelow(parent) : '';
    this.#levels.push({ path, isArray, key: '' });
    if (this.#target || !this.#targets.has(path)) return false;
    if (path === '' && isArray) return false; // an array at the top is a list of such values
    this.#target = { path, depth: this.#levels.length, offset, parts: [], size: 0 };
    return true;
  }

  /** True where a target ends. */
  #close(isArray: boolean, offset: number): boolean {
    const level = this.#levels.pop();
    if (level?.isArray !== isArray)
      throw new JsonStructureError('bad-json', offset, 'a bracket closes what was not opened');
    return this.#target !== undefined && this.#levels.length < this.#target.depth;
  }

  #endString(): void {
    this.#inString = false;
    if (this.#target) return;
    this.#lastString = String.fromCharCode(...this.#string); // keys that are looked for are ASCII
    this.#string = [];
  }

  #keep(bytes: Uint8Array): void {
    const target = this.#target;
    if (!target) return;
    target.size += bytes.length;
    if (target.size > MAX_ELEMENT_BYTES) target.parts = [];
    else target.parts.push(bytes.slice());
  }

  #take(): JsonElement {
    const target = this.#target;
    if (!target) throw new Error('no value is being read');
    this.#target = undefined;
    const { path, offset, parts, size } = target;
    return { path, offset, text: size > MAX_ELEMENT_BYTES ? undefined : this.#decode(parts, size) };
  }

  #decode(parts: readonly Uint8Array[], size: number): string | undefined {
    const [only] = parts;
    try {
      return this.#decoder.decode(parts.length === 1 ? only : joined(parts, size));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return undefined;
    }
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

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
