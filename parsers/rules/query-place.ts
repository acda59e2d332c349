import { isScalar, type LineCounter, type Scalar } from 'yaml';
import { FILE_START, type FilePlace } from './hunting-rule.ts';

/** Where the first character of a query is in its file. */
export interface QueryPlace extends FilePlace {
  /** Columns that YAML takes off each line; undefined where lines were joined or escaped, and a place in it cannot be told. */
  readonly indent: number | undefined;
}

/**
 * Finds a query that is the value `node` of a YAML document. Only a literal block (`|`) keeps lines as they are in the file:
 * of any other style the place is that of the value.
 * Source: YAML 1.2.2 §8.1 (block scalar styles; the first line with text sets the indentation, unless the header does).
 */
export function queryPlace(node: unknown, text: string, lines: LineCounter): QueryPlace {
  const start = isScalar(node) ? node.range?.[0] : undefined;
  if (start === undefined) return { ...FILE_START, indent: undefined };
  const { line, col } = lines.linePos(start);
  if ((node as Scalar).type !== 'BLOCK_LITERAL') return { line, column: col, indent: undefined };
  const [header = '', ...content] = text.slice(start).split('\n');
  const explicit = /^\|[+-]?([1-9])/.exec(header)?.[1];
  const firstText = content.find((each) => each.trim() !== '') ?? '';
  const indent =
    explicit === undefined ? firstText.length - firstText.trimStart().length : Number(explicit);
  return { line: line + 1, column: indent + 1, indent };
}

/** The place in the file of one in the query, as KqlError has it. */
export function placeInFile(place: QueryPlace, inQuery: FilePlace): FilePlace {
  const { line, column, indent } = place;
  if (indent === undefined) return { line, column };
  return { line: line + inQuery.line - 1, column: inQuery.column + indent };
}
