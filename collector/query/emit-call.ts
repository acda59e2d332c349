import type { Scalar, ScalarType } from '../../parsers/kql/plan.ts';
import type { EmitContext } from './emit-context.ts';
import { call } from './emit-scalar.ts';
import { arithmeticFunction, callSignature } from './function-names.ts';
import { bind, joinSql, type Sql, sql } from './sql.ts';

/**
 * A function call: as SQL where SQL says the same, which asks no function and looks only at the branch it takes; else the
 * evaluator's own function by kql_call.
 */
export function emitCall(
  scalar: Extract<Scalar, { kind: 'call' }>,
  emit: (operand: Scalar) => Sql,
  context: EmitContext,
): Sql {
  const args = scalar.args.map(emit);
  const [first] = args;
  const firstType = scalar.args[0]?.type;
  switch (scalar.name) {
    case 'now':
      return call(arithmeticFunction('+', 'datetime'), [bind(context.now), ...args]);
    case 'ago':
      return call(arithmeticFunction('-', 'datetime'), [bind(context.now), ...args]);
    case 'iff':
    case 'case':
      return emitCase(args);
    case 'coalesce':
      return emitCoalesce(args, scalar.type);
    case 'isnull':
      return first && firstType !== 'string' ? sql`(${first} IS NULL)` : bind(0n);
    case 'isnotnull':
      return first && firstType !== 'string' ? sql`(${first} IS NOT NULL)` : bind(1n);
    case 'isempty':
    case 'isnotempty': {
      if (!first || firstType === 'dynamic') break;
      const isEmpty = firstType === 'string' ? sql`(${first} = '')` : sql`(${first} IS NULL)`;
      return scalar.name === 'isempty' ? isEmpty : sql`(NOT ${isEmpty})`;
    }
  }
  return call('kql_call', [bind(callSignature(scalar)), ...args]);
}

/** Conditions and values by turns, then the value where none holds: iff() and case(). */
function emitCase(args: readonly Sql[]): Sql {
  const branches: Sql[] = [];
  for (let index = 0; index + 2 < args.length; index += 2) {
    const [condition, value] = args.slice(index, index + 2);
    if (condition && value) branches.push(sql`WHEN ${condition} THEN ${value}`);
  }
  return sql`(CASE ${joinSql(branches, ' ')} ELSE ${args.at(-1) ?? bind(null)} END)`;
}

/** Of strings the first that is not empty; if all are, the empty string. */
function emitCoalesce(args: readonly Sql[], type: ScalarType): Sql {
  if (type !== 'string') return sql`COALESCE(${joinSql(args, ', ')})`;
  const present = args.map((arg) => sql`NULLIF(${arg}, '')`);
  return sql`COALESCE(${joinSql([...present, sql`''`], ', ')})`;
}
