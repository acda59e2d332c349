import { RuleError } from '../../parsers/rules/hunting-rule.ts';
import { parseRule } from '../../parsers/rules/parse-rule.ts';
import { UsageError } from '../usage-error.ts';

/** True for a file name that says it is a rule in YAML. */
export function isRuleFile(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** The query in a file: the block of a rule in YAML, character for character, or the whole text of any other file. */
export function queryTextOfFile(text: string, file: string): string {
  return isRuleFile(file) ? parseRuleFile(text, file).query : text;
}

/** A rule file, or a UsageError with file, line and field. */
export function parseRuleFile(text: string, file: string) {
  try {
    return parseRule(text, file).rule;
  } catch (error) {
    if (error instanceof RuleError) throw new UsageError(error.message);
    throw error;
  }
}
