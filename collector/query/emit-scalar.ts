import { evaluateScalar } from '../../parsers/kql/evaluate-scalar.ts';
import type { CellValue, CompareOperator, Scalar } from '../../parsers/kql/plan.ts';
import { withEvaluationLimit } from '../store/sqlite/evaluation-limit.ts';
import { sqlFromTyped } from '../store/sqlite/sql-value.ts';
import { emitCall } from './emit-call.ts';
import type { EmitContext } from './emit-context.ts';
import { arithmeticFunction, matchFunction, negateFunction } from './function-names.ts';
import { columnsOf, unreachable } from './scalar-columns.ts';
import { bind, identifier, joinSql, type Sql, sql } from './sql.ts';

/** How a column of the input is read. */
export type ColumnReader = (name: string) => Sql;

/**
 * SQL that is true exactly where `predicate` is true, and false or NULL elsewhere: all that `where`, `and` and `or` ask.
 * It is plainer than the exact form, so that indexes can serve `==`, `in` and `between`.
 */
export function emitPredicate(predicate: Scalar, column: ColumnReader, context: EmitContext): Sql {
  if (isConstant(predicate)) return emitConstant(predicate, context);
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const left = emitPredicate(predicate.left, column, context);
      const right = emitPredicate(predicate.right, column, context);
      return predicate.kind === 'and' ? sql`(${left} AND ${right})` : sql`(${left} OR ${right})`;
    }
    case 'compare': {
      const left = emitScalar(predicate.left, column, context);
      const right = emitScalar(predicate.right, column, context);
      if (predicate.operator === '==') return sql`(${left} = ${right})`;
      if (predicate.operator === '!=') return sql`(${left} IS NOT ${right})`;
      return emitCompare(predicate.operator, left, right);
    }
    case 'between': {
      if (predicate.negated) return emitScalar(predicate, column, context);
      const value = emitScalar(predicate.value, column, context);
      const low = emitScalar(predicate.low, column, context);
      const high = emitScalar(predicate.high, column, context);
      return sql`(${value} BETWEEN ${low} AND ${high})`;
    }
    case 'in': {
      if (predicate.negated) return emitScalar(predicate, column, context);
      return emitAnyOf(predicate, column, context);
    }
    default:
      return emitScalar(predicate, column, context);
  }
}

/** SQL with the value of `scalar`, null included: parsers/kql/null-semantics.ts says what null makes of each operator. */
export function emitScalar(scalar: Scalar, column: ColumnReader, context: EmitContext): Sql {
  if (isConstant(scalar)) return emitConstant(scalar, context);
  const emit = (operand: Scalar) => emitScalar(operand, column, context);
  switch (scalar.kind) {
    case 'literal':
      return emitConstant(scalar, context);
    case 'column':
      return column(scalar.name);
    case 'and':
    case 'or':
      return sql`(${emitPredicate(scalar, column, context)} IS TRUE)`;
    case 'not':
      return sql`(NOT ${emit(scalar.operand)})`;
    case 'compare':
      return emitCompare(scalar.operator, emit(scalar.left), emit(scalar.right));
    case 'between':
      return emitBetween(scalar, emit);
    case 'string-match':
      return emitStringMatch(scalar, emit);
    case 'in': {
      const isIn = emitAnyOf(scalar, column, context);
      return scalar.negated ? sql`(${isIn} IS NOT TRUE)` : sql`(${isIn} IS TRUE)`;
    }
    case 'arithmetic':
      return call(arithmeticFunction(scalar.operator, scalar.type), [
        emit(scalar.left),
        emit(scalar.right),
      ]);
    case 'negate':
      return call(negateFunction(scalar.type), [emit(scalar.operand)]);
    case 'call':
      return emitCall(scalar, emit, context);
    default:
      return unreachable(scalar);
  }
}

type Of<Kind extends Scalar['kind']> = Extract<Scalar, { kind: Kind }>;
type Emit = (operand: Scalar) => Sql;

function isConstant(scalar: Scalar): boolean {
  return columnsOf(scalar).size === 0;
}

/** A constant of the query is worked out by the one evaluator and bound: `ago(5d)` is a number by the time SQL sees it. */
function emitConstant(scalar: Scalar, context: EmitContext): Sql {
  const noRow = (name: string): CellValue => {
    throw new Error(`a constant reads the column ${name}`);
  };
  const value = withEvaluationLimit(() => evaluateScalar(scalar, noRow, context.now));
  return bind(sqlFromTyped(value, scalar.type));
}

const ORDER_OPERATORS: Readonly<Record<Exclude<CompareOperator, '==' | '!='>, Sql>> = {
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
};

/** SQLite compares text as UTF-8 bytes, which is by code point, and integers with reals by value: as the evaluator does. */
function emitCompare(operator: CompareOperator, left: Sql, right: Sql): Sql {
  if (operator === '==') return call('kql_equal', [left, right]);
  if (operator === '!=') return sql`(NOT ${call('kql_equal', [left, right])})`;
  return sql`(${left} ${ORDER_OPERATORS[operator]} ${right})`;
}

function emitBetween(scalar: Of<'between'>, emit: Emit): Sql {
  const [value, low, high] = [emit(scalar.value), emit(scalar.low), emit(scalar.high)];
  const inside = call('kql_between', [value, low, high]);
  return scalar.negated ? sql`(NOT ${inside})` : inside;
}

function emitStringMatch(scalar: Of<'string-match'>, emit: Emit): Sql {
  const name = matchFunction(scalar.operator, scalar.caseSensitive);
  const value = emit(scalar.value);
  const any = scalar.needles.map((needle) => call(name, [value, emit(needle)]));
  const found = scalar.all ? allOf(any) : anyOf(any);
  return scalar.negated ? sql`(NOT ${found})` : found;
}

/** True where the value is in the list, false or NULL elsewhere. */
function emitAnyOf(scalar: Of<'in'>, column: ColumnReader, context: EmitContext): Sql {
  const value = emitScalar(scalar.value, column, context);
  const items = scalar.list.map((item) => emitScalar(item, column, context));
  if (scalar.value.type === 'string' && !scalar.caseSensitive)
    return anyOf(items.map((item) => call(matchFunction('equals', false), [item, value])));
  return sql`(${value} IN (${joinSql(items, ', ')}))`;
}

function allOf(terms: readonly Sql[]): Sql {
  return terms.length === 0 ? bind(1n) : sql`(${joinSql(terms, ' AND ')})`;
}

function anyOf(terms: readonly Sql[]): Sql {
  return terms.length === 0 ? bind(0n) : sql`(${joinSql(terms, ' OR ')})`;
}

export function call(name: string, args: readonly Sql[]): Sql {
  return sql`${identifier(name)}(${joinSql(args, ', ')})`;
}
