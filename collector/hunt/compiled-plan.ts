/** A built-in rule's whole query as a plan. */
export interface CompiledPlan {
  /** Of the rule, whose text is in parsers/rules/compiled-rules.ts. */
  readonly id: string;
  /** The plan as JSON: of many rules a hunt reads one. */
  readonly plan: string;
}
