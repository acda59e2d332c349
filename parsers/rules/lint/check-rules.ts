import { KqlError } from '../../kql/kql-error.ts';
import type { Kusto } from '../../kql/load-kusto.ts';
import { checkFilter } from '../filter/check-filter.ts';
import { FILE_START, RuleError } from '../hunting-rule.ts';
import { MAX_RULE_LENGTH, type ParsedRule, parseRule } from '../parse-rule.ts';
import { isYamlFile } from '../rule-files.ts';
import { readRuleText } from '../rule-text.ts';
import type { ToolFacts } from '../tool-facts.ts';
import type { LintFinding } from './finding.ts';
import { compileFinding, lintQuery, lintRule, placed } from './lint-rule.ts';

/** What was found in one rule file, or in a text file with a filter or a query. */
export interface RuleCheck {
  readonly file: string;
  /** `errors` where one finding is an error; else `repaired` where the loader had to put something right. */
  readonly status: 'ok' | 'repaired' | 'errors';
  /** Absent where the file could not be read as a rule. */
  readonly parsed?: ParsedRule;
  readonly repairs: readonly string[];
  readonly findings: readonly LintFinding[];
  /** Of a filter: the approval that says what it meant, YAML. */
  readonly approval?: string;
}

/** Bytes of a rule file: those of its longest text, in UTF-8 or UTF-16. */
export const MAX_RULE_BYTES = 4 * MAX_RULE_LENGTH;

/** Reads and lints rule files one after the other, and notices an id that an earlier one has. */
export class RuleChecker {
  readonly #kusto: Kusto;
  readonly #known: readonly ToolFacts[];
  readonly #now: bigint;
  readonly #fileOfId = new Map<string, string>();

  /** `known` are the tools whose signers' names are known: those of the built-in rules. `now` is in ticks. */
  constructor(kusto: Kusto, known: readonly ToolFacts[], now: bigint) {
    this.#kusto = kusto;
    this.#now = now;
    this.#known = known;
  }

  check(file: string, bytes: Uint8Array): RuleCheck {
    try {
      if (bytes.length > MAX_RULE_BYTES)
        throw new RuleError(file, FILE_START, undefined, `longer than ${MAX_RULE_BYTES} bytes`);
      const { text, repairs } = readRuleText(bytes, file);
      if (!isYamlFile(file)) return this.#checkFilter(file, text, repairs);
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

  /** Any file but YAML: one condition of a filter, or a query. */
  #checkFilter(file: string, text: string, repairs: readonly string[]): RuleCheck {
    try {
      const name = file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
      const context = { name, known: this.#known, now: this.#now };
      const filter = checkFilter(this.#kusto, text, context);
      if (!filter) return checked(file, lintQuery(this.#kusto, text, this.#known), repairs);
      const { findings, approval } = filter;
      return { ...checked(file, placed(text, findings), repairs), approval };
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      return checked(file, placed(text, [compileFinding(error)]), repairs);
    }
  }

  #duplicate(file: string, { rule, idPlace }: ParsedRule): LintFinding[] {
    const id = rule.id.toLowerCase();
    const earlier = this.#fileOfId.get(id);
    if (earlier === undefined) {
      this.#fileOfId.set(id, file);
      return [];
    }
    const message = `id ${rule.id} is that of ${earlier} too`;
    return [{ level: 'error', code: 'duplicate-id', place: idPlace, message }];
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
