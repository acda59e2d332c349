import { isMap, isScalar, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { UsageError } from '../usage-error.ts';

/** Of one value. */
const MOST_TEXT = 4_096;

/** A mapping of a settings file: each key is read by its kind, and errors say where. */
export class SettingsMap {
  readonly #map: YAMLMap;
  readonly #file: string;
  readonly #lines: LineCounter;

  /** Throws UsageError where `node` is no mapping, or has a key that is not in `keys`. */
  constructor(
    node: unknown,
    keys: readonly string[],
    place: { readonly file: string; readonly lines: LineCounter },
  ) {
    this.#file = place.file;
    this.#lines = place.lines;
    if (!isMap(node))
      throw this.error(node, `a mapping with the keys ${keys.join(', ')} is wanted`);
    this.#map = node;
    for (const { key } of node.items)
      if (!isScalar(key) || !keys.includes(String(key.value)))
        throw this.error(key, `unknown key: these are known: ${keys.join(', ')}`);
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  /** What stands under `key`: a node with its place. */
  node(key: string): Node | undefined {
    return this.#map.get(key, true) as Node | undefined;
  }

  /** A text that must be there and not be empty. */
  text(key: string): string {
    const node = this.node(key);
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' && value !== '' && value.length <= MOST_TEXT) return value;
    throw this.error(node ?? this.#map, `${key} must be a text of 1 to ${MOST_TEXT} characters`);
  }

  oneOf<Value extends string>(key: string, values: readonly Value[]): Value {
    const text = this.text(key);
    const value = values.find((each) => each === text);
    if (value !== undefined) return value;
    throw this.error(this.node(key), `${key} must be one of ${values.join(', ')}`);
  }

  integer(key: string, least: number, most: number): number {
    const node = this.node(key);
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
      return value;
    throw this.error(node ?? this.#map, `${key} must be a whole number from ${least} to ${most}`);
  }

  flag(key: string): boolean {
    const node = this.node(key);
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    throw this.error(node, `${key} must be true or false`);
  }

  /** An error at a node, or at a key's value. The value is not quoted: it may be a secret. */
  error(at: unknown, message: string): UsageError {
    const node = typeof at === 'string' ? this.node(at) : (at as Node | null | undefined);
    const { line } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return new UsageError(`${this.#file}:${Math.max(1, line)}: ${message}`);
  }
}
