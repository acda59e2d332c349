import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { CompiledRule } from '../../parsers/rules/compiled-rule.ts';

export interface RuleName {
  readonly name: string;
  /** ATT&CK: tactics, then techniques. */
  readonly attack: readonly string[];
}

/** What the rules of a sweep are called: by their tool where that is known, which is shorter than their name. */
export class RuleNames {
  /** Of all rules that every record of the sweep was held against, none twice. */
  readonly applied: readonly string[];
  readonly #byId: ReadonlyMap<string, RuleName>;

  constructor(rules: readonly CompiledRule[] = builtInRules) {
    this.applied = [...new Set(rules.map(shortName))];
    this.#byId = new Map(
      rules
        .toReversed()
        .map((rule) => [
          rule.id,
          { name: shortName(rule), attack: [...rule.tactics, ...rule.techniques] },
        ]),
    );
  }

  /** A rule of other ids is called by its id. */
  of(id: string): RuleName {
    return this.#byId.get(id) ?? { name: id, attack: [] };
  }
}

function shortName({ name, facts }: CompiledRule): string {
  return facts?.tool ?? name;
}
