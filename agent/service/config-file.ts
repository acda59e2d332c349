import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { closestName } from './closest-name.ts';
import { type ConfigKey, configKeyNames, configKeys, keySpec } from './config-keys.ts';
import { isListKind } from './config-kinds.ts';
import type { ConfigProblem, Given } from './config-source.ts';

/** Characters. A configuration has some thousands. */
const MAX_LENGTH = 1_000_000;
const MAX_LIST = 10_000;
const MAX_PROBLEMS = 50;
/** Of the parser of YAML: the first one makes it misread what follows. */
const MAX_ERRORS = 3;

const sections: ReadonlySet<string> = new Set(
  configKeyNames.filter((key) => key.includes('.')).map((key) => key.slice(0, key.indexOf('.'))),
);

/**
 * The keys and texts of a YAML configuration, with the place of each. Nothing is expanded: anchors, aliases, tags and merge
 * keys are errors, so that a short file cannot become a large one.
 */
export function parseConfigFile(
  text: string,
  file: string,
): { given: Map<ConfigKey, Given>; problems: ConfigProblem[] } {
  const reader = new ConfigFileReader(file);
  if (text.length > MAX_LENGTH)
    reader.problem(0, undefined, `longer than ${MAX_LENGTH} characters`);
  else reader.read(text);
  return reader;
}

class ConfigFileReader {
  readonly given = new Map<ConfigKey, Given>();
  readonly problems: ConfigProblem[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): void {
    const document = parseDocument(text, {
      lineCounter: this.#lines,
      uniqueKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    for (const { message, pos } of [...document.errors, ...document.warnings].slice(0, MAX_ERRORS))
      this.problem(pos[0], undefined, message);
    if (this.problems.length > 0) return;
    if (document.contents === null) return; // empty or comments only: the required keys are missed elsewhere
    if (isMap(document.contents)) this.#readMap(document.contents, '');
    else this.#nodeProblem(document.contents, undefined, 'a mapping of keys to values is wanted');
  }

  problem(offset: number, key: string | undefined, message: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const { line, col } = this.#lines.linePos(offset);
    const place = { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
    this.problems.push({ place, key, message });
  }

  #nodeProblem(node: unknown, key: string | undefined, message: string): void {
    this.problem((node as Node | null)?.range?.[0] ?? 0, key, message);
  }

  #readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (name === undefined) {
        this.#nodeProblem(pair.key, prefix || undefined, 'a name is wanted as key');
        continue;
      }
      const key = prefix + name;
      if (isConfigKey(key)) this.#readKey(key, pair);
      else if (prefix === '' && sections.has(name)) this.#readSection(name, pair);
      else this.#nodeProblem(pair.key, key, unknownKey(key));
    }
  }

  #readSection(name: string, { key, value }: Pair<Node, Node | null>): void {
    if (isMap(value) && this.#isPlain(value, name)) this.#readMap(value, `${name}.`);
    else if (!isMap(value)) this.#nodeProblem(key, name, 'has keys of its own, not a value');
  }

  #readKey(key: ConfigKey, { key: keyNode, value }: Pair<Node, Node | null>): void {
    const isList = isListKind(keySpec(key).kind);
    if (value === null || (isScalar(value) && value.value === null))
      this.#nodeProblem(keyNode, key, 'has no value: write one, or leave the key out');
    else if (isAlias(value)) this.#nodeProblem(value, key, 'aliases are not supported');
    else if (isList && isSeq(value)) this.#readList(key, value, value.items as (Node | null)[]);
    else if (!isScalar(value))
      this.#nodeProblem(value, key, isList ? 'a list of texts is wanted' : 'one value is wanted');
    else if (this.#isPlain(value, key)) this.#keep(key, value, [scalarText(value)]);
  }

  #readList(key: ConfigKey, list: Node, items: readonly (Node | null)[]): void {
    if (!this.#isPlain(list, key)) return;
    if (items.length > MAX_LIST) {
      this.#nodeProblem(list, key, `more than ${MAX_LIST} values`);
      return;
    }
    const texts: string[] = [];
    for (const item of items) {
      if (!isScalar(item) || item.value === null)
        this.#nodeProblem(item ?? list, key, 'a list of texts is wanted');
      else if (this.#isPlain(item, key)) texts.push(scalarText(item));
    }
    if (items.length === 0) this.#nodeProblem(list, key, 'is an empty list: leave the key out');
    this.#keep(key, list, texts);
  }

  #keep(key: ConfigKey, node: Node, texts: readonly string[]): void {
    const { line, col: column } = this.#lines.linePos(node.range?.[0] ?? 0);
    this.given.set(key, { from: 'file', texts, place: { file: this.#file, line, column } });
  }

  /** Without what YAML can do beyond values. */
  #isPlain(node: Node, key: string): boolean {
    const { tag, anchor } = node as { tag?: string; anchor?: string };
    if (tag === undefined && anchor === undefined) return true;
    this.#nodeProblem(node, key, 'tags and anchors are not supported');
    return false;
  }
}

/** As it stands in the file: `024` is no number of days, and 1e3 no size. A quoted text without its quotes. */
function scalarText(node: Node): string {
  const { source, value } = node as { source?: string; value: unknown };
  return source ?? String(value);
}

function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(configKeys, key);
}

function unknownKey(key: string): string {
  const last = key.slice(key.lastIndexOf('.') + 1);
  const sameName = configKeyNames.find((name) => name.endsWith(`.${last}`));
  const closest = closestName(key, [...configKeyNames, ...sections]) ?? sameName;
  return closest === undefined ? 'unknown key' : `unknown key; did you mean ${closest}?`;
}
