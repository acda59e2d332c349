import { createHash } from 'node:crypto';
import { agentPredicate } from '../kql/agent-predicate.ts';
import { compileKql } from '../kql/compile-kql.ts';
import type { Kusto } from '../kql/load-kusto.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { HuntingRule } from './hunting-rule.ts';

/** Compiles a rule for agents; throws KqlError where the collector could not run its query either. */
export function compileRule(kusto: Kusto, rule: HuntingRule): CompiledRule {
  const { id, name, tactics, techniques, query, facts } = rule;
  const predicate = agentPredicate(compileKql(kusto, query));
  const digest = createHash('sha256').update(query).digest('hex');
  return {
    id,
    name,
    tactics,
    techniques,
    query,
    digest,
    ...(predicate && { predicate }),
    ...(facts && { facts }),
  };
}
