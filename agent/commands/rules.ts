import { loadKusto } from '../../parsers/kql/load-kusto.ts';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import {
  checkLine,
  checksAsJson,
  closingLine,
  countErrors,
} from '../../parsers/rules/lint/check-report.ts';
import {
  MAX_RULE_BYTES,
  type RuleCheck,
  RuleChecker,
} from '../../parsers/rules/lint/check-rules.ts';
import { findRuleFiles, RulePathError } from '../../parsers/rules/rule-files.ts';
import { ruleListJson, ruleListTable } from '../../parsers/rules/rule-list.ts';
import { readKustoSources } from '../assets.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { ruleFileSystem } from '../rule-file-system.ts';

export interface RulesOptions {
  readonly format: 'table' | 'json';
}

/** `rules list`: the built-in ones. */
export function listRules({ format }: RulesOptions): string {
  return `${format === 'json' ? ruleListJson(builtInRules) : ruleListTable(builtInRules)}\n`;
}

/** `rules check`: prints a line a file as it goes, and gives the exit status: flagged (1) where there are errors. */
export function checkRules(
  paths: readonly string[],
  { format }: RulesOptions,
  print: (line: string) => void,
): number {
  const checks = checkRuleFiles(paths, (check) => {
    if (format === 'table') print(checkLine(check));
  });
  print(format === 'json' ? checksAsJson(checks) : closingLine(checks));
  return countErrors(checks) > 0 ? exitStatus.flagged : exitStatus.done;
}

/** Reads and lints the rule files that `paths` name, with Microsoft's parser. Throws CommandError for paths that cannot be read. */
export function checkRuleFiles(
  paths: readonly string[],
  onCheck: (check: RuleCheck) => void,
): RuleCheck[] {
  try {
    const files = findRuleFiles(paths, ruleFileSystem);
    const known = builtInRules.flatMap(({ facts }) => facts ?? []);
    const checker = new RuleChecker(
      loadKusto(readKustoSources()),
      known,
      ticksFromUnixMs(Date.now()),
    );
    return files.map((file) => {
      const check = checker.check(file, ruleFileSystem.read(file, MAX_RULE_BYTES));
      onCheck(check);
      return check;
    });
  } catch (error) {
    if (error instanceof RulePathError) throw new CommandError(error.message);
    if (error instanceof Error && 'syscall' in error) throw new CommandError(error.message);
    throw error;
  }
}
