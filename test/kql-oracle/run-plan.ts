import { evaluateScalar } from '../../parsers/kql/evaluate-scalar.ts';
import { orderOf } from '../../parsers/kql/null-semantics.ts';
import type { CellValue, LiteralValue, Plan, QueryResult, Scalar } from '../../parsers/kql/plan.ts';
import type { NamedScalar, Relation, SortKey } from '../../parsers/kql/relation.ts';
import { aggregate } from './aggregate.ts';
import { canonicalView, type Row } from './canonical-view.ts';
import { join } from './join.ts';
import { mvExpand } from './mv-expand.ts';

/** Rows of each table by its name. DeviceFileCertificateInfo is derived where it is not given. */
export type OracleTables = Readonly<Record<string, readonly Row[]>>;

/**
 * Runs a plan over arrays of rows, step by step as the documentation of each operator reads: what every store's answer is
 * compared with. Without `sort` the order of rows means nothing; `take` without it keeps the first ones here, any others
 * elsewhere.
 */
export function runPlan(plan: Plan, tables: OracleTables, now: bigint): QueryResult {
  const { columns } = plan.root;
  const rows = runRelation(plan.root, { tables, now });
  return {
    columns,
    rows: rows.map((row) => columns.map(({ name, type }) => cell(row, name, type))),
  };
}

interface Run {
  readonly tables: OracleTables;
  readonly now: bigint;
}

function runRelation(relation: Relation, run: Run): readonly Row[] {
  if (relation.kind === 'table') return tableRows(relation.table, run.tables);
  if (relation.kind === 'datatable') return relation.rows.map((row) => literalRow(relation, row));
  if (relation.kind === 'union') return relation.inputs.flatMap((each) => runRelation(each, run));
  const input = runRelation(relation.input, run);
  if (relation.kind === 'join') return join(relation, input, runRelation(relation.right, run));
  const evaluate = (scalar: Scalar, row: Row) =>
    evaluateScalar(scalar, (column) => row[column] ?? null, run.now);
  const named = (values: readonly NamedScalar[], row: Row): Row =>
    Object.fromEntries(values.map(({ name, value }) => [name, evaluate(value, row)]));

  switch (relation.kind) {
    case 'where':
      return input.filter((row) => evaluate(relation.predicate, row) === true);
    case 'extend':
      return input.map((row) => ({ ...row, ...named(relation.values, row) }));
    case 'project':
      return input.map((row) => named(relation.values, row));
    case 'distinct':
      return groups(input, (row) => named(relation.values, row)).map(({ key }) => key);
    case 'summarize': {
      const found = groups(input, (row) => named(relation.by, row));
      // Without `by` there is one group even of nothing; with it, nothing gives no rows.
      const all = relation.by.length === 0 && found.length === 0 ? [{ key: {}, rows: [] }] : found;
      return all.map(({ key, rows }) => ({
        ...key,
        ...Object.fromEntries(
          relation.aggregates.map((each) => [each.name, aggregate(each, rows, run.now)]),
        ),
      }));
    }
    case 'mv-expand':
      return input.flatMap((row) =>
        mvExpand(
          relation,
          row,
          relation.expanded.map(({ value }) => evaluate(value, row)),
        ),
      );
    case 'materialize':
      return input;
    case 'sort':
      return sorted(input, relation.keys, evaluate);
    case 'top':
      return sorted(input, relation.keys, evaluate).slice(0, relation.count);
    case 'take':
      return input.slice(0, relation.count);
    case 'count':
      return [{ [relation.columns[0]?.name ?? 'Count']: BigInt(input.length) }];
  }
}

function literalRow({ columns, span }: Relation, literals: readonly LiteralValue[]): Row {
  return Object.fromEntries(
    literals.map((literal, index) => {
      const scalar = { kind: 'literal', literal, type: literal.type, span } as const;
      return [columns[index]?.name ?? '', evaluateScalar(scalar, () => null, 0n)];
    }),
  );
}

function tableRows(table: string, tables: OracleTables): readonly Row[] {
  const rows = tables[table];
  if (rows) return rows;
  if (table === 'DeviceFileCertificateInfo')
    return canonicalView(tables.AgentFileCertificateInfo ?? []);
  return [];
}

/** Rows with the same key, in the order in which each key first appears. Nulls are one group. */
function groups(rows: readonly Row[], keyOf: (row: Row) => Row): { key: Row; rows: Row[] }[] {
  const byKey = new Map<string, { key: Row; rows: Row[] }>();
  for (const row of rows) {
    const key = keyOf(row);
    const text = JSON.stringify(Object.values(key).map(typedText));
    const group = byKey.get(text);
    if (group) group.rows.push(row);
    else byKey.set(text, { key, rows: [row] });
  }
  return [...byKey.values()];
}

function typedText(value: CellValue): string {
  return typeof value === 'bigint' ? `bigint ${value}` : `${typeof value} ${JSON.stringify(value)}`;
}

/** Rows that compare equal keep their order. */
function sorted(
  rows: readonly Row[],
  keys: readonly SortKey[],
  evaluate: (scalar: Scalar, row: Row) => CellValue,
): Row[] {
  return rows.toSorted((one, other) => {
    for (const { value, descending, nullsFirst } of keys) {
      const [a, b] = [evaluate(value, one), evaluate(value, other)];
      if (a === null && b === null) continue;
      if (a === null || b === null) return (a === null) === nullsFirst ? -1 : 1;
      const order = orderOf(a, b);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function cell(row: Row, name: string, type: string): CellValue {
  return row[name] ?? (type === 'string' ? '' : null);
}
