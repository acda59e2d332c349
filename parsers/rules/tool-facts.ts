import { isMap, isScalar, isSeq, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { FILE_START, RuleError } from './hunting-rule.ts';

/**
 * What is known of a tool besides its rule's query: the key `certsweep:` of a rule file, with the same names. Files that
 * claim to be the tool without its signature are found by it.
 *
 * Names are compared without spaces at their ends and without regard to case (foldCase).
 */
export interface ToolFacts {
  /** What people call it. */
  readonly tool: string;
  /** Exact names as Signer has them. */
  readonly signers: readonly string[];
  /** SHA-1 of leaf certificates seen, 40 lower-case hex digits each. */
  readonly thumbprints: readonly string[];
  /** CompanyName of its version information. */
  readonly companyNames: readonly string[];
  readonly productNames: readonly string[];
  readonly originalFileNames: readonly string[];
  /** Names on disk that hardly anything else has. */
  readonly fileNames: readonly string[];
  /** The signer signs other products too: the rule matches these as well. */
  readonly sharedSigner: boolean;
  /** It is no tool for remote management, but is used for it. */
  readonly dualUse: boolean;
  /** Where the names were seen; NOTICE says what each word stands for. */
  readonly sources: readonly string[];
  /** What else the rule finds, in a sentence or two; empty where nothing is known. */
  readonly falsePositives: string;
}

/** The longest list there is has some 60 entries. */
const MAX_ENTRIES = 200;

/** Characters of one text. */
const MAX_TEXT = 1_000;

const listFields = [
  'signers',
  'thumbprints',
  'companyNames',
  'productNames',
  'originalFileNames',
  'fileNames',
  'sources',
] as const;
const flagFields = ['sharedSigner', 'dualUse'] as const;
const knownFields: ReadonlySet<string> = new Set([
  'tool',
  ...listFields,
  ...flagFields,
  'falsePositives',
]);

/**
 * Reads the value of the key `certsweep:`. Lists and flags that are absent are empty and false. Unlike the rest of a rule,
 * this key is ours: an unknown name in it is a slip that would lose facts, and therefore an error.
 */
export function readToolFacts(node: unknown, lines: LineCounter, fileName: string): ToolFacts {
  const where = new FactsPlace(lines, fileName);
  if (!isMap(node)) throw where.error(node, '', 'a mapping of keys to values is expected here');
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!knownFields.has(name)) throw where.error(key, name, 'is not known');
  }
  const list = (field: (typeof listFields)[number]) => where.list(node, field);
  const facts = {
    tool: where.text(node, 'tool'),
    signers: list('signers'),
    thumbprints: list('thumbprints'),
    companyNames: list('companyNames'),
    productNames: list('productNames'),
    originalFileNames: list('originalFileNames'),
    fileNames: list('fileNames'),
    sharedSigner: where.flag(node, 'sharedSigner'),
    dualUse: where.flag(node, 'dualUse'),
    sources: list('sources'),
    falsePositives: where.text(node, 'falsePositives'),
  };
  if (facts.tool === '') throw where.error(node, 'tool', 'is missing or empty');
  const bad = facts.thumbprints.find((thumbprint) => !/^[0-9a-f]{40}$/.test(thumbprint));
  if (bad === undefined) return facts;
  const at = node.get('thumbprints', true);
  throw where.error(at, 'thumbprints', `${bad} is no SHA-1 in 40 lower-case hex digits`);
}

/** Typed access to the values, and errors that say where. */
class FactsPlace {
  readonly #lines: LineCounter;
  readonly #fileName: string;

  constructor(lines: LineCounter, fileName: string) {
    this.#lines = lines;
    this.#fileName = fileName;
  }

  text(map: YAMLMap, field: string): string {
    const node = map.get(field, true);
    return node === undefined ? '' : this.#textOf(node, field);
  }

  flag(map: YAMLMap, field: string): boolean {
    const node = map.get(field, true);
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    throw this.error(node, field, 'true or false is expected here');
  }

  /** A list of texts, none of them twice. */
  list(map: YAMLMap, field: string): string[] {
    const node: unknown = map.get(field, true);
    if (node === undefined) return [];
    if (!isSeq(node)) throw this.error(node, field, 'a list of texts is expected here');
    if (node.items.length > MAX_ENTRIES)
      throw this.error(node, field, `has more than ${MAX_ENTRIES} entries`);
    const seen = new Set<string>();
    for (const item of node.items) {
      const text = this.#textOf(item, field);
      if (text === '') throw this.error(item, field, 'an entry is empty');
      if (seen.has(text)) throw this.error(item, field, `${text} stands here twice`);
      seen.add(text);
    }
    return [...seen];
  }

  error(node: unknown, field: string, message: string): RuleError {
    const offset = (node as Node | undefined)?.range?.[0];
    const at = offset === undefined ? undefined : this.#lines.linePos(offset);
    const place = at === undefined ? FILE_START : { line: at.line, column: at.col };
    const path = field === '' ? 'certsweep' : `certsweep.${field}`;
    return new RuleError(this.#fileName, place, path, message);
  }

  #textOf(node: unknown, field: string): string {
    if (!isScalar(node) || typeof node.value !== 'string')
      throw this.error(node, field, 'a text is expected here');
    if (node.value.length > MAX_TEXT)
      throw this.error(node, field, `a text is longer than ${MAX_TEXT} characters`);
    return node.value.trim();
  }
}
