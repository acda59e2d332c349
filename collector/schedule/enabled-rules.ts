import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { FindingRule } from '../findings/finding-rule.ts';
import { fileConditions } from '../findings/read-findings.ts';
import { findRule, type HuntRule, toolOf } from '../hunt/find-rule.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import type { QueryCompiler } from '../query/compile-result.ts';
import { UsageError } from '../usage-error.ts';

/** Every built-in rule that finds files. */
export const ALL_RULES = 'all';

/**
 * The rules that `--hunt-rules` names, each once: `all`, ids, tools, or rule files. Throws UsageError for one that is unknown,
 * refused by the compiler, or means no files: of it there would never be a finding.
 */
export async function enabledRules(
  compiler: QueryCompiler,
  wanted: readonly string[],
): Promise<readonly FindingRule[]> {
  const rules = new Map<string, FindingRule>();
  for (const name of wanted) {
    const isAll = name === ALL_RULES;
    for (const rule of isAll ? builtInRules : [await findRule(name)]) {
      const { id } = rule;
      const finding = await toFindingRule(compiler, rule);
      if (fileConditions(finding)) rules.set(id, finding);
      else if (!isAll)
        throw new UsageError(
          `--hunt-rules ${name}: ${rule.name} does not begin with a table of files, so that it finds none`,
        );
    }
  }
  return [...rules.values()];
}

async function toFindingRule(compiler: QueryCompiler, rule: HuntRule): Promise<FindingRule> {
  const { id, name } = rule;
  return { id, name, tool: toolOf(rule), plan: await planOfRule(compiler, rule) };
}
