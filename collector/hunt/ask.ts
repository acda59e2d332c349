import type { CellValue } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import type { RunOptions, Store } from '../store/store.ts';
import { planOf } from './plan-parts.ts';

/** What the hunt's own questions are asked of, and with which now() and limits. */
export interface Asked {
  readonly store: Pick<Store, 'run'>;
  readonly run: RunOptions;
}

export type Row = Readonly<Record<string, CellValue>>;

/** The rows of `root`, each by the names of its columns. */
export async function ask({ store, run }: Asked, root: Relation): Promise<readonly Row[]> {
  const { columns, rows } = await store.run(planOf(root), run);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
}

/** Ticks of a datetime cell; 0 for null. */
export function ticksOf(cell: CellValue | undefined): bigint {
  return typeof cell === 'bigint' ? cell : 0n;
}

export function textOf(cell: CellValue | undefined): string {
  return typeof cell === 'string' ? cell : '';
}
