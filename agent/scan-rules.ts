import { KqlError } from '../parsers/kql/kql-error.ts';
import { loadKusto } from '../parsers/kql/load-kusto.ts';
import { builtInRules } from '../parsers/rules/built-in-rules.ts';
import { compileRule } from '../parsers/rules/compile-rule.ts';
import type { CompiledRule } from '../parsers/rules/compiled-rule.ts';
import { RuleError } from '../parsers/rules/hunting-rule.ts';
import { MAX_RULE_BYTES } from '../parsers/rules/lint/check-rules.ts';
import { parseRule } from '../parsers/rules/parse-rule.ts';
import { placeInFile } from '../parsers/rules/query-place.ts';
import { findRuleFiles, RulePathError } from '../parsers/rules/rule-files.ts';
import { readRuleText } from '../parsers/rules/rule-text.ts';
import { readKustoSources } from './assets.ts';
import { CommandError } from './exit-status.ts';
import { ruleFileSystem } from './rule-file-system.ts';

export interface ScanRules {
  /** The built-in ones first. Two may have one id: what either matches is flagged. */
  readonly rules: readonly CompiledRule[];
  /** Lines for a person: which of the given rules do nothing here, and why. Safe to print. */
  readonly notes: readonly string[];
}

/** Each costs every record some time. Those built in are some hundred. */
const MAX_GIVEN_RULES = 2_000;

/**
 * The built-in rules and those of the files that `paths` name, compiled with Microsoft's parser: 2 s, and 110 MB until the sweep
 * ends. Throws CommandError for a file that is no rule or whose query does not compile: a rule that is silently left
 * out would read as "not there".
 */
export function loadScanRules(paths: readonly string[]): ScanRules {
  try {
    return withGiven(compileFiles(findRuleFiles(paths, ruleFileSystem)));
  } catch (error) {
    const isExpected = error instanceof RulePathError || error instanceof RuleError;
    if (isExpected || (error instanceof Error && 'syscall' in error))
      throw new CommandError(`--rules: ${error.message}`);
    throw error;
  }
}

interface GivenRule {
  readonly file: string;
  readonly rule: CompiledRule;
}

function compileFiles(files: readonly string[]): GivenRule[] {
  if (files.length > MAX_GIVEN_RULES)
    throw new RulePathError(`${files.length} rule files are more than ${MAX_GIVEN_RULES}`);
  const kusto = loadKusto(readKustoSources());
  return files.map((file) => {
    const { text } = readRuleText(ruleFileSystem.read(file, MAX_RULE_BYTES), file);
    const { rule, queryPlace } = parseRule(text, file);
    try {
      return { file, rule: compileRule(kusto, rule) };
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      throw new RuleError(
        file,
        placeInFile(queryPlace, error),
        'query',
        `${error.reason} (${error.code})`,
      );
    }
  });
}

function withGiven(given: readonly GivenRule[]): ScanRules {
  const notes: string[] = [];
  const rules = [...builtInRules];
  const fileOfId = new Map<string, string>();
  for (const { file, rule } of given) {
    const id = rule.id.toLowerCase();
    const same = rules.find((known) => isSameQuery(known, rule) && known.id.toLowerCase() === id);
    if (same) continue;
    const earlier = fileOfId.get(id);
    if (earlier !== undefined)
      throw new CommandError(
        `--rules: ${file} and ${earlier} have the id ${rule.id} and different queries`,
      );
    fileOfId.set(id, file);
    rules.push(rule);
    if (rule.predicate === undefined)
      notes.push(
        `${file} flags nothing here: its query needs more than one record, or reads another table (rules check says which)`,
      );
  }
  return { rules, notes };
}

/** But for line ends, which differ between copies of one rule. */
function isSameQuery(one: CompiledRule, other: CompiledRule): boolean {
  const [left, right] = [one, other].map(({ query }) => query.replaceAll('\r\n', '\n').trimEnd());
  return left === right;
}
