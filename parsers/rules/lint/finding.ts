import type { FilePlace } from '../hunting-rule.ts';
import type { ConstantCondition } from './constant-condition.ts';

/** One thing that `rules check` has to say of a file. An error sets the exit status, a warning does not. */
export interface LintFinding {
  readonly level: 'error' | 'warning';
  /**
   * What is wrong, stable: Microsoft's code (KS142, ...) or that of KqlError where the query does not compile, `rule-file`
   * where the file cannot be read as a rule, else one of docs/rules.md.
   */
  readonly code: string;
  /** Of the file. */
  readonly place: FilePlace;
  readonly message: string;
}

/** A finding with its place in the query instead: characters from its start. */
export interface QueryFinding extends Omit<LintFinding, 'place'> {
  readonly start: number;
}

/** What to say of a condition that is the same for every row. */
export function constantFinding(condition: ConstantCondition): Omit<QueryFinding, 'start'> {
  const { constant, reason } = condition;
  const said = constant === 'always' ? 'always true' : 'never true';
  return {
    level: 'error',
    code: `${constant}-true`,
    message: `this condition is ${said}: ${reason}`,
  };
}
