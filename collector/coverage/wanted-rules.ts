import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { FindingRule } from '../findings/finding-rule.ts';
import { findRule, toolOf } from '../hunt/find-rule.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import type { QueryCompiler } from '../query/compile-result.ts';

/** The rules that `--rules` names (ids, tools or files), each once; all that are built in where it names none. */
export async function wantedRules(
  compiler: QueryCompiler,
  wanted: readonly string[] | undefined,
): Promise<readonly FindingRule[]> {
  const found = wanted ? await Promise.all(wanted.map(findRule)) : builtInRules;
  const rules = new Map<string, FindingRule>();
  for (const rule of found) {
    const { id, name } = rule;
    rules.set(id, { id, name, tool: toolOf(rule), plan: await planOfRule(compiler, rule) });
  }
  return [...rules.values()];
}
