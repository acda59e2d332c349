import { compileKql } from '../../kql/compile-kql.ts';
import { KqlError } from '../../kql/kql-error.ts';
import type { Kusto } from '../../kql/load-kusto.ts';
import type { Scalar } from '../../kql/plan.ts';

/** A filter as people write it into notes on false positives: one condition, without table and `where`. */
export interface Filter {
  readonly predicate: Scalar;
  /** Characters of a place in `predicate` that come before the filter's own text. */
  readonly offset: number;
}

/**
 * Names that events of other products begin with: process.parent.name. The analysis has to know them to read the rest.
 * Source: Elastic Common Schema, field sets.
 */
const FIELD_SETS = [
  ...['process', 'parent', 'file', 'dll', 'host', 'user', 'event', 'agent', 'source'],
  ...['destination', 'network', 'registry', 'service', 'winlog', 'url', 'code_signature'],
];

/** Our own columns may stand beside them. */
const BEFORE = `AgentFileCertificateInfo | extend ${FIELD_SETS.map((name) => `${name}=dynamic(null)`).join(', ')} | where\n`;

/** Reads one condition; undefined for a text that is a whole query. Throws KqlError with the place in `text`. */
export function readFilter(kusto: Kusto, text: string): Filter | undefined {
  const tokens = kusto.lex(text);
  if (tokens.some(({ Text }) => Text === '|' || Text === ';') || tokens[0]?.Text === 'let')
    return undefined;
  try {
    const { root } = compileKql(kusto, BEFORE + text);
    if (root.kind === 'where') return { predicate: root.predicate, offset: BEFORE.length };
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw new KqlError(error.code, text, Math.max(0, error.start - BEFORE.length), error.reason);
  }
  return undefined;
}
