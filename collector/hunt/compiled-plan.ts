import type { Plan } from '../../parsers/kql/plan.ts';

/** A built-in rule's query, with the plan that it compiles to. */
export interface CompiledPlan {
  readonly query: string;
  readonly plan: Plan;
}
