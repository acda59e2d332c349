import { ParseError } from '../bytes/parse-error.ts';
import { tagName } from './tags.ts';

/** One element may hold others this deep. Real signatures, with a timestamp in a nested one, reach 34. */
const MAX_DEPTH = 64;
/** Elements read from one input in all, so that two-byte elements cannot keep us busy. Real PKCS#7 have up to 1,900. */
const MAX_ELEMENTS = 200_000;

/** What all readers of one input share. */
interface DerInput {
  readonly bytes: Uint8Array;
  /** File offset of the first byte, so that errors name a place in the file. */
  readonly fileOffset: number;
  elementsLeft: number;
}

/** One tag, length and content. Everything it gives is a view of the input. */
export class DerElement {
  /** The identifier octet: 0x30 SEQUENCE, 0xa0 constructed [0], ... Tags with more octets are refused. */
  readonly tag: number;
  readonly #input: DerInput;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;
  readonly #depth: number;

  constructor(
    input: DerInput,
    tag: number,
    start: number,
    contentStart: number,
    end: number,
    depth: number,
  ) {
    this.tag = tag;
    this.#input = input;
    this.#start = start;
    this.#contentStart = contentStart;
    this.#end = end;
    this.#depth = depth;
  }

  /** File offset of the tag. */
  get offset(): number {
    return this.#input.fileOffset + this.#start;
  }

  /** File offset of the first content octet. */
  get contentOffset(): number {
    return this.#input.fileOffset + this.#contentStart;
  }

  /** Content octets, without tag and length. */
  get content(): Uint8Array {
    return this.#input.bytes.subarray(this.#contentStart, this.#end);
  }

  /** The whole encoding, tag and length included. */
  get encoded(): Uint8Array {
    return this.#input.bytes.subarray(this.#start, this.#end);
  }

  /** A reader over the elements inside. Throws `bad-value` where this one is primitive. */
  get children(): DerReader {
    if ((this.tag & 0x20) === 0)
      throw new ParseError('bad-value', this.offset, `${tagName(this.tag)} holds no elements`);
    if (this.#depth >= MAX_DEPTH)
      throw new ParseError('too-deep', this.offset, `more than ${MAX_DEPTH} elements deep`);
    return new DerReader(this.#input, this.#contentStart, this.#end, this.#depth + 1);
  }

  /** This element's place and `message` as an error. */
  error(code: ParseError['code'], message: string): ParseError {
    return new ParseError(code, this.offset, message);
  }
}

/**
 * A cursor over consecutive DER elements, bounded by bytes, depth and count.
 *
 * Tolerant where real signers are: lengths need not be minimal. Indefinite lengths are BER and `unsupported`: none of the
 * real signatures at hand has one. Source: X.690 §8.1, §10.1.
 */
export class DerReader {
  readonly #input: DerInput;
  readonly #end: number;
  readonly #depth: number;
  #position: number;

  constructor(input: DerInput, start: number, end: number, depth: number) {
    this.#input = input;
    this.#position = start;
    this.#end = end;
    this.#depth = depth;
  }

  /** True where nothing is left. */
  get done(): boolean {
    return this.#position >= this.#end;
  }

  /** File offset of the next element. */
  get offset(): number {
    return this.#input.fileOffset + this.#position;
  }

  /** Reads the next element, whatever its tag. */
  next(): DerElement {
    const start = this.#position;
    if (this.#input.elementsLeft-- <= 0)
      throw new ParseError('too-many', this.offset, 'too many elements');

    const tag = this.#octet(start);
    if ((tag & 0x1f) === 0x1f)
      throw new ParseError('unsupported', this.offset, 'a tag number above 30');
    let contentStart = start + 2;
    let length = this.#octet(start + 1);
    if (length === 0x80)
      throw new ParseError('unsupported', this.offset, 'indefinite length (BER)');
    if (length > 0x80) {
      const octets = length - 0x80;
      if (octets > 4)
        throw new ParseError('bad-length', this.offset, `a length of ${octets} octets`);
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + this.#octet(contentStart + i);
      contentStart += octets;
    }
    if (contentStart + length > this.#end) {
      const message = `${tagName(tag)} of ${length} bytes, ${this.#end - contentStart} at hand`;
      throw new ParseError('bad-length', this.offset, message);
    }
    this.#position = contentStart + length;
    return new DerElement(this.#input, tag, start, contentStart, this.#position, this.#depth);
  }

  /** Reads the next element, which must have this tag. `what` is its name in the specification. */
  read(tag: number, what: string): DerElement {
    const { offset } = this;
    if (this.done) throw new ParseError('truncated', offset, `${what} is missing`);
    const element = this.next();
    if (element.tag === tag) return element;
    const message = `${what}: ${tagName(tag)} expected, ${tagName(element.tag)} found`;
    throw new ParseError('bad-value', offset, message);
  }

  /** Reads the next element where it has this tag, else leaves the cursor alone. */
  optional(tag: number): DerElement | undefined {
    return !this.done && this.#input.bytes[this.#position] === tag ? this.next() : undefined;
  }

  /** The elements that are left. */
  *rest(): Generator<DerElement> {
    while (!this.done) yield this.next();
  }

  #octet(at: number): number {
    const octet = at < this.#end ? this.#input.bytes[at] : undefined;
    if (octet !== undefined) return octet;
    throw new ParseError('truncated', this.#input.fileOffset + at, 'the input ends in a header');
  }
}

/** Starts reading `bytes`, whose first byte is at `fileOffset` in its file. Only revocation lists need more elements. */
export function readDer(bytes: Uint8Array, fileOffset = 0, maxElements = MAX_ELEMENTS): DerReader {
  const input = { bytes, fileOffset, elementsLeft: maxElements };
  return new DerReader(input, 0, bytes.length, 0);
}
