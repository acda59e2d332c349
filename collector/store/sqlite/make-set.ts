import type { AggregateOptions, DatabaseSync } from 'node:sqlite';
import { orderOf } from '../../../parsers/kql/null-semantics.ts';
import { formatDatetime } from '../../../parsers/record/datetime.ts';
import type { QueryGuard } from './query-guard.ts';
import type { SqlValue } from './sql-value.ts';

type Member = string | number | bigint;

interface GrowingSet {
  readonly members: Set<Member>;
  type: string;
}

/**
 * `kql_make_set(value, type, cap)`: the distinct values that are not null, at most `cap` of them, as a JSON array.
 *
 * Kusto promises no order. Ours is ascending, so that the same rows always print the same.
 */
export function registerMakeSet(db: DatabaseSync, guard: QueryGuard): void {
  const options = {
    deterministic: true,
    directOnly: true,
    useBigIntArguments: true,
    start: (): GrowingSet => ({ members: new Set(), type: '' }),
    step: (set: GrowingSet, value: SqlValue, type: SqlValue, cap: SqlValue): GrowingSet => {
      guard.tick();
      set.type = String(type);
      if (value === null || value instanceof Uint8Array) return set;
      if (set.members.size >= Number(cap) || set.members.has(value)) return set;
      set.members.add(value);
      guard.bytes(typeof value === 'string' ? value.length : 8);
      return set;
    },
    result: ({ members, type }: GrowingSet): string =>
      `[${[...members]
        .sort(orderOf)
        .map((member) => memberJson(member, type))
        .join(',')}]`,
  };
  // The type allows only SQL values as the state, but SQLite never sees it: Node keeps any object.
  db.aggregate('kql_make_set', options as unknown as AggregateOptions);
}

function memberJson(member: Member, type: string): string {
  if (type === 'bool') return member === 0n ? 'false' : 'true';
  if (type === 'datetime' && typeof member === 'bigint') return `"${formatDatetime(member)}"`;
  return typeof member === 'bigint' ? member.toString() : JSON.stringify(member);
}
