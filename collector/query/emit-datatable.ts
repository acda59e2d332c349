import { evaluateScalar } from '../../parsers/kql/evaluate-scalar.ts';
import type { LiteralValue } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import { sqlFromTyped } from '../store/sqlite/sql-value.ts';
import type { EmitContext } from './emit-context.ts';
import { type EmittedRelation, selectList } from './emitted-relation.ts';
import { bind, joinSql, type Sql, sql } from './sql.ts';

/** The rows of `datatable` and `print` as VALUES, every cell bound. */
export function emitDatatable(
  { rows, columns, span }: Extract<Relation, { kind: 'datatable' }>,
  context: EmitContext,
): EmittedRelation {
  const cell = (literal: LiteralValue) => {
    const { type } = literal;
    const value = evaluateScalar({ kind: 'literal', literal, type, span }, () => null, context.now);
    return bind(sqlFromTyped(value, type));
  };
  // The names column1, column2, ... are SQLite's own. Without columns a row is one NULL.
  const row = (cells: readonly Sql[]) =>
    sql`(${joinSql(cells.length > 0 ? cells : [bind(null)], ', ')})`;
  const { aliases, list } = selectList(
    columns.map(({ name }, index) => ({ name, value: { text: `column${index + 1}`, values: [] } })),
    context,
  );
  const first = row(columns.map(() => bind(null)));
  const values = rows.length > 0 ? rows.map((cells) => row(cells.map(cell))) : [first];
  const where = rows.length > 0 ? sql`1` : sql`0`;
  const select = sql`SELECT ${list} FROM (VALUES ${joinSql(values, ', ')}) WHERE ${where}`;
  return { select, aliases, order: [] };
}
