import { ParseError } from '../bytes/parse-error.ts';
import { foldName } from './fold-name.ts';
import { fileOffset, type HiveCells, NO_CELL } from './hive-cells.ts';
import { readName } from './read-name.ts';
import { type RegistryData, readValueData, readValueName } from './registry-value.ts';
import { subkeyCells } from './subkey-cells.ts';

/** 'nk', little-endian. */
const SIGNATURE = 0x6b6e;
const HEADER_SIZE = 76;
/** KEY_COMP_NAME: one byte a character. */
const NARROW_NAME = 0x0020;
const OFFSET_SIZE = 4;
/** Values of one key. The registry itself sets no limit; keys with some thousand are rare. */
const MAX_VALUES = 100_000;

/**
 * A key of a hive. Keys and values below it are read as they are asked for; names compare as Windows compares them.
 * Source: M. Suhanov, "Windows registry file format specification", "Key node", "Key values list".
 */
export class RegistryKey {
  readonly name: string;
  readonly #cells: HiveCells;
  readonly #subkeyCount: number;
  readonly #subkeyList: number;
  readonly #valueCount: number;
  readonly #valueList: number;

  /** `cell`: offset from the first hive bin. Throws ParseError for what is no key node. */
  constructor(cells: HiveCells, cell: number) {
    this.#cells = cells;
    const node = cells.read(cell, HEADER_SIZE);
    const at = node.start;
    if (node.u16(at) !== SIGNATURE) throw new ParseError('bad-magic', at, 'no key node');
    this.#subkeyCount = node.u32(at + 20);
    this.#subkeyList = node.u32(at + 28);
    this.#valueCount = node.u32(at + 36);
    this.#valueList = node.u32(at + 40);
    const length = node.u16(at + 72);
    const whole = cells.read(cell, HEADER_SIZE + length);
    const name = whole.slice({ offset: at + HEADER_SIZE, size: length });
    this.name = readName(name, (node.u16(at + 2) & NARROW_NAME) !== 0);
  }

  /** In the order of the hive, which is that of their names. */
  *subkeys(): Generator<RegistryKey> {
    if (this.#subkeyCount === 0 || this.#subkeyList === NO_CELL) return;
    for (const cell of subkeyCells(this.#cells, this.#subkeyList))
      yield new RegistryKey(this.#cells, cell);
  }

  /** The key at `path` below this one, its names divided by `\`; undefined where there is none. */
  key(path: string): RegistryKey | undefined {
    let key: RegistryKey | undefined = this;
    for (const name of path.split('\\')) {
      if (key === undefined) return undefined;
      key = key.#subkey(foldName(name));
    }
    return key;
  }

  /** What the value of that name holds, '' for the default one; undefined where there is none. */
  value(name: string): RegistryData | undefined {
    const wanted = foldName(name);
    for (const cell of this.#valueCells())
      if (foldName(readValueName(this.#cells, cell)) === wanted)
        return readValueData(this.#cells, cell);
    return undefined;
  }

  #subkey(folded: string): RegistryKey | undefined {
    for (const key of this.subkeys()) if (foldName(key.name) === folded) return key;
    return undefined;
  }

  *#valueCells(): Generator<number> {
    const count = this.#valueCount;
    if (count === 0 || this.#valueList === NO_CELL) return;
    if (count > MAX_VALUES)
      throw new ParseError('too-many', fileOffset(this.#valueList), `${count} values in one key`);
    const list = this.#cells.read(this.#valueList, count * OFFSET_SIZE);
    for (let at = list.start; at < list.end; at += OFFSET_SIZE) yield list.u32(at);
  }
}
