import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { FILE_START, type FilePlace, type HuntingRule, RuleError } from './hunting-rule.ts';
import { type QueryPlace, queryPlace } from './query-place.ts';
import { repairYaml } from './repair-yaml.ts';
import { readToolFacts } from './tool-facts.ts';

export interface ParsedRule {
  readonly rule: HuntingRule;
  /** What the loader had to put right, a sentence each; empty for a clean file. */
  readonly repairs: string[];
  /** Of the key `id`. */
  readonly idPlace: FilePlace;
  /** For the place in the file of what is wrong in the query. */
  readonly queryPlace: QueryPlace;
}

/** A rule file is a few kilobytes. What nests too deep in this length, the parser of YAML reports as an error. */
export const MAX_RULE_LENGTH = 262_144;

/**
 * Reads an Azure-Sentinel hunting or analytic rule. Unknown keys are left alone; what had to be repaired is listed.
 * Source: Azure-Sentinel repository, "Query Style Guide" and the schema of its hunting queries.
 */
export function parseRule(source: string, fileName: string): ParsedRule {
  if (source.length > MAX_RULE_LENGTH)
    throw new RuleError(
      fileName,
      FILE_START,
      undefined,
      `longer than ${MAX_RULE_LENGTH} characters`,
    );
  const { text, repairs } = repairYaml(source);
  const root = readRoot(text, fileName);
  const fields = new RuleFields(root.map, root.lines, fileName);
  const listRepairs: string[] = [];
  const list = (field: string) => {
    const { items, repair } = fields.list(field);
    if (repair) listRepairs.push(repair);
    return items;
  };
  const tactics = list('tactics');
  const techniques = list('relevantTechniques');
  const query = queryOf(fields, text, queryPlace(root.map.get('query', true), text, root.lines));
  const facts = root.map.get('certsweep', true);
  const rule: HuntingRule = {
    id: fields.text('id'),
    name: fields.text('name'),
    description: fields.optionalText('description'),
    kind: root.map.has('severity') || root.map.has('queryFrequency') ? 'analytic' : 'hunting',
    dataTypes: dataTypesOf(root.map),
    tactics,
    techniques,
    query: query.text,
    ...(facts !== undefined && { facts: readToolFacts(facts, root.lines, fileName) }),
  };
  return {
    rule,
    repairs: [...repairs, ...listRepairs, ...query.repairs],
    idPlace: fields.placeOf('id'),
    queryPlace: query.place,
  };
}

function readRoot(text: string, fileName: string): { map: YAMLMap; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const [summary = error.message] = error.message.split('\n');
    const { line, col: column } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new RuleError(fileName, { line, column }, undefined, summary);
  }
  if (isMap(document.contents)) return { map: document.contents, lines };
  throw new RuleError(fileName, FILE_START, undefined, 'a rule is a mapping of keys to values');
}

/** Typed access to the keys of a rule, with the line of each for errors. */
class RuleFields {
  readonly #map: YAMLMap;
  readonly #lines: LineCounter;
  readonly #fileName: string;

  constructor(map: YAMLMap, lines: LineCounter, fileName: string) {
    this.#map = map;
    this.#lines = lines;
    this.#fileName = fileName;
  }

  text(field: string): string {
    const text = this.optionalText(field);
    if (text.trim() === '') throw this.#error(field, 'is missing or empty');
    return text;
  }

  optionalText(field: string): string {
    const value = this.#map.get(field);
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw this.#error(field, 'a text is expected here');
    return value;
  }

  /** A list of texts. One text alone is a list of one, or of several with commas between them. */
  list(field: string): { items: string[]; repair?: string } {
    const value = toPlain(this.#map.get(field));
    if (value === undefined || value === null) return { items: [] };
    if (typeof value === 'string') {
      const items = value.split(',').map((item) => item.trim());
      const repair = `line ${this.placeOf(field).line}: ${field} was one text and is now a list`;
      return { items: items.filter((item) => item !== ''), repair };
    }
    if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
      return { items: value };
    throw this.#error(field, 'a list of texts is expected here');
  }

  #error(field: string, message: string): RuleError {
    return new RuleError(this.#fileName, this.placeOf(field), field, message);
  }

  /** Of the key, else of the file. */
  placeOf(field: string): FilePlace {
    const pair = this.#map.items.find(({ key }) => isScalar(key) && key.value === field);
    const offset = pair && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    if (offset === undefined) return FILE_START;
    const { line, col: column } = this.#lines.linePos(offset);
    return { line, column };
  }
}

/**
 * The KQL as the file has it. YAML turns line ends into LF; a file with CRLF throughout gets them back, so that what is
 * shown, digested and run is what the author wrote. A fence of a Markdown code block around the query is dropped.
 */
function queryOf(
  fields: RuleFields,
  text: string,
  place: QueryPlace,
): { text: string; repairs: string[]; place: QueryPlace } {
  const value = fields.text('query');
  const repairs: string[] = [];
  const opening = /^\s*```(?:kusto|kql)?[ \t]*\n/i.exec(value)?.[0];
  const closing = /\n[ \t]*```\s*$/.exec(value);
  let query = value;
  let linesDropped = 0;
  if (opening !== undefined && closing) {
    query = value.slice(opening.length, closing.index + 1);
    linesDropped = opening.split('\n').length - 1;
    repairs.push(`line ${place.line}: the code fence around the query was dropped`);
  }
  if (text.includes('\r\n') && !/(?<!\r)\n/.test(text)) {
    query = query.replaceAll('\n', '\r\n');
    repairs.push('lines end in CRLF, which the query keeps');
  }
  return { text: query, repairs, place: { ...place, line: place.line + linesDropped } };
}

/** requiredDataConnectors: a list of {connectorId, dataTypes}. It only informs, so what is not so shaped is left out. */
function dataTypesOf(map: YAMLMap): string[] {
  const connectors = toPlain(map.get('requiredDataConnectors'));
  if (!Array.isArray(connectors)) return [];
  return connectors.flatMap((connector: unknown) => {
    if (typeof connector !== 'object' || connector === null) return [];
    const types: unknown = 'dataTypes' in connector ? connector.dataTypes : [];
    return Array.isArray(types) ? types.filter((type) => typeof type === 'string') : [];
  });
}

/** Plain values of a YAML node. Aliases are not followed: no rule has them, and they can multiply. */
function toPlain(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !('toJSON' in node)) return node;
  return typeof node.toJSON === 'function' ? node.toJSON() : node;
}
