import type { DatabaseSync } from 'node:sqlite';
import { calculate, negate } from '../../../parsers/kql/arithmetic.ts';
import { between, equal } from '../../../parsers/kql/null-semantics.ts';
import type { CellValue, StringMatchOperator } from '../../../parsers/kql/plan.ts';
import { stringMatcher } from '../../../parsers/kql/string-match.ts';
import { arithmeticFunction, matchFunction, negateFunction } from '../../query/function-names.ts';
import { withEvaluationLimit } from './evaluation-limit.ts';
import { registerKqlCalls } from './kql-calls.ts';
import { registerMemberAggregates } from './member-aggregates.ts';
import { registerMvExpand } from './mv-expand.ts';
import type { QueryGuard } from './query-guard.ts';
import { type SqlValue, sqlFromCell } from './sql-value.ts';
import { registerValueAggregates } from './value-aggregates.ts';

/**
 * Registers what compiled SQL calls. Nothing is defined here: matching comes from string-match.ts and arithmetic from
 * arithmetic.ts, so SQL and the agent cannot disagree on what `has` means. Each call lets the guard stop the query.
 */
export function registerKqlFunctions(db: DatabaseSync, guard: QueryGuard): void {
  const register = (name: string, work: (...args: readonly SqlValue[]) => SqlValue) => {
    const options = { deterministic: true, directOnly: true, useBigIntArguments: true };
    db.function(name, { ...options, varargs: true }, (...args) => {
      guard.tick();
      return withEvaluationLimit(() => work(...args));
    });
  };
  for (const operator of MATCH_OPERATORS) {
    for (const caseSensitive of [false, true])
      register(matchFunction(operator, caseSensitive), cachedMatch(operator, caseSensitive));
  }
  for (const type of ['long', 'real', 'datetime', 'timespan'] as const) {
    for (const operator of ['+', '-', '*', '/', '%'] as const)
      register(arithmeticFunction(operator, type), (left, right) =>
        sqlFromCell(calculate(operator, type, toCell(left), toCell(right))),
      );
    register(negateFunction(type), (operand) => sqlFromCell(negate(toCell(operand))));
  }
  registerKqlCalls(db, guard);
  registerMvExpand(db, guard);
  register('kql_equal', (left, right) => sqlFromCell(equal(toCell(left), toCell(right))));
  register('kql_between', (value, low, high) =>
    sqlFromCell(between(toCell(value), toCell(low), toCell(high), false)),
  );
  // Not deterministic, or SQLite would call it once and not for each row.
  db.function('kql_alive', { useBigIntArguments: true }, (_row: SqlValue) => {
    guard.tick();
    return 1;
  });
  registerMemberAggregates(db, guard);
  registerValueAggregates(db, guard);
}

const MATCH_OPERATORS = [
  ...(['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith', 'equals'] as const),
];

/** Matchers kept per function: a query has a few needles, and preparing one costs more than using it. */
const CACHED_MATCHERS = 1000;

function cachedMatch(operator: StringMatchOperator, caseSensitive: boolean) {
  const matchers = new Map<string, (text: string) => boolean>();
  return (text: SqlValue, needle: SqlValue): SqlValue => {
    const wanted = String(needle ?? '');
    let matches = matchers.get(wanted);
    if (!matches) {
      matches = stringMatcher(operator, wanted, caseSensitive);
      if (matchers.size >= CACHED_MATCHERS) matchers.clear();
      matchers.set(wanted, matches);
    }
    return matches(String(text ?? '')) ? 1n : 0n;
  };
}

/** An argument as the evaluator takes it. A bool stays 0 or 1: it is only ever compared with a bool. */
function toCell(value: SqlValue | undefined): CellValue {
  return value instanceof Uint8Array ? null : (value ?? null);
}
