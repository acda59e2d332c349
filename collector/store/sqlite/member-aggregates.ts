import type { DatabaseSync } from 'node:sqlite';
import { orderOf } from '../../../parsers/kql/null-semantics.ts';
import { formatDatetime } from '../../../parsers/record/datetime.ts';
import type { QueryGuard } from './query-guard.ts';
import { registerAggregate } from './register-aggregate.ts';
import type { SqlValue } from './sql-value.ts';

type Member = string | number | bigint;

interface Growing<Members> {
  readonly members: Members;
  type: string;
}

/**
 * `kql_make_set(value, type, cap)`: the distinct values that are not null, at most `cap` of them, as a JSON array.
 * Kusto promises no order. Ours is ascending, so that the same rows always print the same.
 *
 * `kql_make_list(value, type, cap)`: all values that are not null, in the order of the rows.
 */
export function registerMemberAggregates(db: DatabaseSync, guard: QueryGuard): void {
  registerAggregate(db, 'kql_make_set', guard, {
    start: (): Growing<Set<Member>> => ({ members: new Set(), type: '' }),
    step: (set, value, type, cap) => {
      set.type = String(type);
      if (!isMember(value) || set.members.size >= Number(cap) || set.members.has(value)) return set;
      set.members.add(value);
      guard.bytes(sizeOf(value));
      return set;
    },
    result: ({ members, type }) => arrayJson([...members].sort(orderOf), type),
  });
  registerAggregate(db, 'kql_make_list', guard, {
    start: (): Growing<Member[]> => ({ members: [], type: '' }),
    step: (list, value, type, cap) => {
      list.type = String(type);
      if (!isMember(value) || list.members.length >= Number(cap)) return list;
      list.members.push(value);
      guard.bytes(sizeOf(value));
      return list;
    },
    result: ({ members, type }) => arrayJson(members, type),
  });
}

function isMember(value: SqlValue | undefined): value is Member {
  return value !== undefined && value !== null && !(value instanceof Uint8Array);
}

function sizeOf(value: Member): number {
  return typeof value === 'string' ? value.length : 8;
}

function arrayJson(members: readonly Member[], type: string): string {
  return `[${members.map((member) => memberJson(member, type)).join(',')}]`;
}

function memberJson(member: Member, type: string): string {
  if (type === 'bool') return member === 0n ? 'false' : 'true';
  if (type === 'datetime' && typeof member === 'bigint') return `"${formatDatetime(member)}"`;
  return typeof member === 'bigint' ? member.toString() : JSON.stringify(member);
}
