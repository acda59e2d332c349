import type { Plan } from '../../parsers/kql/plan.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { QueryCompiler } from '../query/compile-result.ts';
import { UsageError } from '../usage-error.ts';
import { compiledPlans } from './compiled-plans.ts';
import type { HuntRule } from './find-rule.ts';

/**
 * The plan of a rule's query; a refused one is a UsageError with line and column.
 *
 * A built-in rule's was made ahead by `npm run rules`, because Microsoft's parser takes seconds to load. The text decides:
 * a file with the same query, but for line ends, needs no parser either.
 */
export async function planOfRule(compiler: QueryCompiler, { query }: HuntRule): Promise<Plan> {
  const text = query.replaceAll('\r\n', '\n');
  const builtIn = builtInRules.find((rule) => rule.query === text);
  const ahead = compiledPlans.find(({ id }) => id === builtIn?.id);
  if (ahead) return JSON.parse(ahead.plan) as Plan;
  const compiled = await compiler.compile(query);
  if (compiled.kind === 'refused') throw new UsageError(compiled.message);
  return compiled.plan;
}
