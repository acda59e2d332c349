import type { CompiledRule } from './compiled-rule.ts';
import { compiledRules } from './compiled-rules.ts';

/** The rules of parsers/rules/packs, compiled ahead by `npm run rules`. */
export const builtInRules: readonly CompiledRule[] = compiledRules.map(
  (text) => JSON.parse(text) as CompiledRule,
);
