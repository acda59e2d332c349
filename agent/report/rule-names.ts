import { builtInRules } from '../../parsers/rules/built-in-rules.ts';

export interface RuleName {
  readonly name: string;
  /** ATT&CK: tactics, then techniques. */
  readonly attack: readonly string[];
}

/** What a rule is called; a rule of other ids is called by its id. */
export function ruleName(id: string): RuleName {
  const rule = builtInRules.find((known) => known.id === id);
  if (rule === undefined) return { name: id, attack: [] };
  return { name: rule.name, attack: [...rule.tactics, ...rule.techniques] };
}

/** What the rules are called that every record of a sweep was held against. */
export const appliedRules: readonly string[] = builtInRules.map(({ name }) => name);
