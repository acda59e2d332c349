import type { ScalarType } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import type { EmitContext } from './emit-context.ts';
import { type EmittedRelation, type NamedSql, reader, selectList } from './emitted-relation.ts';
import { bind, identifier, joinSql, type Sql, sql } from './sql.ts';

type Join = Extract<Relation, { kind: 'join' }>;

/** A column of the join, and what it is called in the side that it comes from. */
interface JoinColumn {
  readonly name: string;
  readonly source: string;
  readonly type: ScalarType;
}

/** One side as a table of the WITH clause. */
interface Side {
  readonly definition: Sql;
  readonly table: Sql;
  readonly keys: readonly Sql[];
}

/** Which columns of each side a join needs for `needed` columns of its own: those, and its keys. */
export function joinNeeds(join: Join, needed: ReadonlySet<string>) {
  const { left, right } = columnsBySide(join);
  const sources = (columns: readonly JoinColumn[]) =>
    columns.filter(({ name }) => needed.has(name)).map(({ source }) => source);
  return {
    left: new Set([...sources(left), ...join.on.map((key) => key.left)]),
    right: new Set([...sources(right), ...join.on.map((key) => key.right)]),
  };
}

/**
 * A join of two tables that are worked out first, so that SQLite neither takes them apart nor walks one for every row of
 * the other: it makes an index of the keys. A right or full join gets no such index, so those are put together from left
 * joins. Every pair that is found calls kql_alive, so that a join that explodes can be stopped.
 */
export function emitJoin(
  join: Join,
  left: EmittedRelation,
  right: EmittedRelation,
  needed: ReadonlySet<string>,
  context: EmitContext,
): EmittedRelation {
  const columns = columnsBySide(join);
  const from = keyedSide(left, keyNames(join, 'left'), context);
  const to = keyedSide(right, keyNames(join, 'right'), context);
  const own = {
    left: columns.left.filter(({ name }) => needed.has(name)),
    right: columns.right.filter(({ name }) => needed.has(name)),
  };
  const found = {
    left: valuesOf(own.left, left),
    right: valuesOf(own.right, right),
  };
  const { aliases, list } = selectList(
    [
      ...(join.flavor === 'rightouter' ? found.left.map(filled) : found.left),
      ...(join.flavor === 'leftouter' || join.flavor === 'fullouter'
        ? found.right.map(filled)
        : found.right),
    ],
    context,
  );
  const select = (): Sql => {
    switch (join.flavor) {
      case 'inner':
        return sql`SELECT ${list} FROM ${from.table} JOIN ${to.table} ON ${pairs(from, to)}`;
      case 'innerunique':
        return sql`SELECT ${list} FROM (${firstOfKey(from)}) JOIN ${to.table} ON ${pairs(from, to)}`;
      case 'leftouter':
        return sql`SELECT ${list} FROM ${from.table} LEFT JOIN ${to.table} ON ${pairs(from, to)}`;
      case 'rightouter':
        return sql`SELECT ${list} FROM ${to.table} LEFT JOIN ${from.table} ON ${pairs(to, from)}`;
      case 'fullouter': {
        // The left join, then the right rows that it did not find.
        const nothing = selectList([...own.left.map(missing), ...found.right], context);
        const leftJoin = sql`SELECT ${list} FROM ${from.table} LEFT JOIN ${to.table} ON ${pairs(from, to)}`;
        return sql`${leftJoin} UNION ALL ${unmatched(to, from, nothing.list)}`;
      }
      case 'leftsemi':
        return matched(from, to, list);
      case 'rightsemi':
        return matched(to, from, list);
      case 'leftanti':
        return unmatched(from, to, list);
      case 'rightanti':
        return unmatched(to, from, list);
    }
  };
  const tables = joinSql([from.definition, to.definition], ', ');
  return { select: sql`WITH ${tables} ${select()}`, aliases, order: [] };
}

function columnsBySide({ flavor, input, right, columns }: Join) {
  const named = (side: Relation, start: number): JoinColumn[] =>
    side.columns.map(({ name, type }, index) => ({
      name: columns[start + index]?.name ?? name,
      source: name,
      type,
    }));
  if (flavor === 'leftsemi' || flavor === 'leftanti') return { left: named(input, 0), right: [] };
  if (flavor === 'rightsemi' || flavor === 'rightanti') return { left: [], right: named(right, 0) };
  return { left: named(input, 0), right: named(right, input.columns.length) };
}

function keyNames({ on }: Join, side: 'left' | 'right'): readonly string[] {
  return on.map((key) => key[side]);
}

/** A key is `+column`, which has no affinity: a column that has one may not be looked up in an index of another. */
function keyedSide(input: EmittedRelation, names: readonly string[], context: EmitContext): Side {
  const column = reader(input);
  const keys = names.map((name) => ({ of: column(name), key: identifier(context.newAlias()) }));
  const list = keys.map(({ of, key }) => sql`+${of} AS ${key}`);
  const table = identifier(context.newAlias());
  const definition = sql`${table} AS MATERIALIZED (SELECT *, ${joinSql(list, ', ')} FROM (${input.select}))`;
  return { definition, table, keys: keys.map(({ key }) => key) };
}

/**
 * The keys are equal, and the query may go on. kql_alive reads both sides: of one alone SQLite would ask it once a row,
 * while it makes the index.
 */
function pairs(one: Side, other: Side): Sql {
  const equal = one.keys.map((key, index) => sql`${key} = ${other.keys[index] ?? key}`);
  return joinSql(
    [...equal, sql`kql_alive(${one.keys[0] ?? bind(1n)} IS ${other.keys[0] ?? bind(1n)})`],
    ' AND ',
  );
}

/** One row of each key; SQLite chooses which, as Kusto may. */
function firstOfKey({ table, keys }: Side): Sql {
  return sql`SELECT * FROM ${table} GROUP BY ${joinSql(keys, ', ')}`;
}

function distinctKeys({ table, keys }: Side): Sql {
  return sql`SELECT DISTINCT ${joinSql(keys, ', ')} FROM ${table}`;
}

function matched(rows: Side, others: Side, list: Sql): Sql {
  return sql`SELECT ${list} FROM ${rows.table} JOIN (${distinctKeys(others)}) ON ${pairs(rows, others)}`;
}

/** What was found has no null in its keys. */
function unmatched(rows: Side, others: Side, list: Sql): Sql {
  const [key = bind(null)] = others.keys;
  return sql`SELECT ${list} FROM ${rows.table} LEFT JOIN (${distinctKeys(others)}) ON ${pairs(rows, others)} WHERE ${key} IS NULL`;
}

interface TypedSql extends NamedSql {
  readonly type: ScalarType;
}

function valuesOf(columns: readonly JoinColumn[], input: EmittedRelation): readonly TypedSql[] {
  const column = reader(input);
  return columns.map(({ name, source, type }) => ({ name, value: column(source), type }));
}

/** A side without a match has nulls, and empty strings. */
function filled({ name, value, type }: TypedSql): TypedSql {
  return { name, type, value: type === 'string' ? sql`COALESCE(${value}, '')` : value };
}

function missing({ name, type }: JoinColumn): TypedSql {
  return { name, type, value: type === 'string' ? sql`''` : bind(null) };
}
