import { readFile } from 'node:fs/promises';
import { foldCase } from '../../parsers/kql/fold-case.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { ToolFacts } from '../../parsers/rules/tool-facts.ts';
import { UsageError } from '../usage-error.ts';
import { isRuleFile, parseRuleFile } from './query-text.ts';

/** What a hunt needs of a rule. */
export interface HuntRule {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly facts?: ToolFacts;
}

/** What people call the tool that a rule is about. */
export function toolOf({ name, facts }: Pick<HuntRule, 'name' | 'facts'>): string {
  return facts?.tool ?? name;
}

/**
 * The rule that `wanted` names: a rule file in YAML, the id of a built-in rule, its tool, or a part of the name of just one.
 * A tool's whole name decides: Level is also a part of other names.
 */
export async function findRule(wanted: string): Promise<HuntRule> {
  return isRuleFile(wanted) ? readRule(wanted) : findBuiltInRule(wanted);
}

/** The rule that `wanted` names, by its id or a part of the name of just one; a UsageError lists them otherwise. */
export function findBuiltInRule(wanted: string): HuntRule {
  const byId = builtInRules.find(({ id }) => id === wanted.toLowerCase());
  if (byId) return byId;
  const text = foldCase(wanted.trim());
  const byTool = builtInRules.find(({ facts }) => foldCase(facts?.tool ?? '') === text);
  if (byTool) return byTool;
  const found = builtInRules.filter(({ name, facts }) =>
    [name, facts?.tool ?? ''].some((known) => foldCase(known).includes(text)),
  );
  const [only, ...more] = found;
  if (only && more.length === 0) return only;
  const names = (found.length > 0 ? found : builtInRules).map(({ id, name }) => `  ${id}  ${name}`);
  const reason = only ? 'is in the name of several rules' : 'is in the name of no built-in rule';
  throw new UsageError(
    `${wanted} ${reason}; name one by its id, or give a .yaml file:\n${names.join('\n')}`,
  );
}

async function readRule(file: string): Promise<HuntRule> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  return parseRuleFile(text, file);
}
