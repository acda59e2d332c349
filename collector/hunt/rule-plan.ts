import type { Plan } from '../../parsers/kql/plan.ts';
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
  const ahead = compiledPlans.find((each) => each.query === text);
  if (ahead) return ahead.plan;
  const compiled = await compiler.compile(query);
  if (compiled.kind === 'refused') throw new UsageError(compiled.message);
  return compiled.plan;
}
