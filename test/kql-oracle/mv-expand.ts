import { castElement } from '../../parsers/kql/expand-dynamic.ts';
import type { CellValue } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import type { Row } from './canonical-view.ts';

type MvExpand = Extract<Relation, { kind: 'mv-expand' }>;

/** The rows that one row becomes; `values` are those of the columns that are expanded. */
export function mvExpand(relation: MvExpand, row: Row, values: readonly CellValue[]): Row[] {
  const lists = values.map((value) => elements(value, relation.bagsAsPairs));
  const rows: Row[] = [];
  const most = relation.limit ?? Number.POSITIVE_INFINITY;
  for (let index = 0; index < most && lists.some((list) => index < list.length); index += 1) {
    const cells = relation.expanded.map(({ name, type }, place) => [
      name,
      castElement(lists[place]?.[index] ?? null, type),
    ]);
    const position = relation.index === undefined ? {} : { [relation.index]: BigInt(index) };
    rows.push({ ...row, ...Object.fromEntries(cells), ...position });
  }
  return rows;
}

function elements(value: CellValue, bagsAsPairs: boolean): readonly unknown[] {
  if (value === null) return [null];
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object') return [value];
  const names = Object.keys(value);
  const bag = value as Readonly<Record<string, unknown>>;
  if (bagsAsPairs) return names.map((name) => [name, bag[name]]);
  return names.map((name) => ({ [name]: bag[name] }));
}
