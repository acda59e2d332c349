import type { Kusto } from '../../kql/load-kusto.ts';
import { FILE_START, RuleError } from '../hunting-rule.ts';
import { MAX_RULE_LENGTH, type ParsedRule, parseRule } from '../parse-rule.ts';
import { readRuleText } from '../rule-text.ts';
import type { ToolFacts } from '../tool-facts.ts';
import type { LintFinding } from './finding.ts';
import { lintRule } from './lint-rule.ts';

/** What was found in one rule file. */
export interface RuleCheck {
  readonly file: string;
  /** `errors` where one finding is an error; else `repaired` where the loader had to put something right. */
  readonly status: 'ok' | 'repaired' | 'errors';
  /** Absent where the file could not be read as a rule. */
  readonly parsed?: ParsedRule;
  readonly repairs: readonly string[];
  readonly findings: readonly LintFinding[];
}

/** Bytes of a rule file: those of its longest text, in UTF-8 or UTF-16. */
export const MAX_RULE_BYTES = 4 * MAX_RULE_LENGTH;

/** Reads and lints rule files one after the other, and notices an id that an earlier one has. */
export class RuleChecker {
  readonly #kusto: Kusto;
  readonly #known: readonly ToolFacts[];
  readonly #fileOfId = new Map<string, string>();

  /** `known` are the tools whose signers' names are known: those of the built-in rules. */
  constructor(kusto: Kusto, known: readonly ToolFacts[]) {
    this.#kusto = kusto;
    this.#known = known;
  }

  check(file: string, bytes: Uint8Array): RuleCheck {
    try {
      if (bytes.length > MAX_RULE_BYTES)
        throw new RuleError(file, FILE_START, undefined, `longer than ${MAX_RULE_BYTES} bytes`);
      const { text, repairs } = readRuleText(bytes, file);
      const parsed = parseRule(text, file);
      const findings = [
        ...this.#duplicate(file, parsed),
        ...lintRule(this.#kusto, parsed, this.#known),
      ];
      return checked(file, findings, [...repairs, ...parsed.repairs], parsed);
    } catch (error) {
      if (error instanceof RuleError) return checked(file, [ruleFileFinding(error)], []);
      throw error;
    }
  }

  #duplicate(file: string, { rule }: ParsedRule): LintFinding[] {
    const id = rule.id.toLowerCase();
    const earlier = this.#fileOfId.get(id);
    if (earlier === undefined) {
      this.#fileOfId.set(id, file);
      return [];
    }
    const message = `id ${rule.id} is that of ${earlier} too`;
    return [{ level: 'error', code: 'duplicate-id', place: FILE_START, message }];
  }
}

function checked(
  file: string,
  findings: readonly LintFinding[],
  repairs: readonly string[],
  parsed?: ParsedRule,
): RuleCheck {
  const hasError = findings.some(({ level }) => level === 'error');
  const status = hasError ? 'errors' : repairs.length > 0 ? 'repaired' : 'ok';
  return { file, status, ...(parsed && { parsed }), repairs, findings };
}

function ruleFileFinding({ reason, line, column }: RuleError): LintFinding {
  return { level: 'error', code: 'rule-file', place: { line, column }, message: reason };
}
