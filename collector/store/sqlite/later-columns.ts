import type { Place } from './column-places.ts';
import type { SqlValue } from './sql-value.ts';

/**
 * Columns that a version of the schema after the first one added, by SQL table.
 *
 * They count in a row's key only where they hold a value. A row that was stored before its table had them, and is sent
 * again by an agent that still spools it, then has the key that it had, and stays one row.
 */
export const laterColumns: Partial<Record<Place | 'sweep', ReadonlySet<string>>> = {
  verdict: new Set(['LookAlikes']),
  observation: new Set(['RunningProcesses', 'AutostartEntries']),
  sweep: new Set([
    ...['MachineGroup', 'LookAlikeFiles', 'Unchanged', 'HardLinks', 'Archives', 'DiskImages'],
    ...['GoneFlagged', 'GoneFiles', 'LiveContext', 'SpoolDropped', 'RootDigest'],
  ]),
};

/** What of `values` makes the key: the first version's columns by position, later ones as name and value. */
export function keyedValues(
  table: Place | 'sweep',
  columns: readonly { readonly name: string }[],
  values: readonly SqlValue[],
): readonly SqlValue[] {
  const later = laterColumns[table];
  if (!later) return values;
  const first: SqlValue[] = [];
  const added: SqlValue[] = [];
  for (const [index, { name }] of columns.entries()) {
    const value = values[index] ?? null;
    if (!later.has(name)) first.push(value);
    else if (value !== null && value !== '') added.push(name, value);
  }
  return [...first, ...added];
}
