import { compilePredicate, type RowReader } from '../kql/evaluate-scalar.ts';
import type { CellValue, Scalar } from '../kql/plan.ts';
import { type ColumnSpec, type FileCertificateRecord, recordColumns } from '../record/columns.ts';
import { parseDatetime } from '../record/datetime.ts';
import { BoundedMemo } from './bounded-memo.ts';
import type { CompiledRule } from './compiled-rule.ts';

type RecordColumn = keyof FileCertificateRecord;

interface Test {
  /** Place of the rule in the list. */
  readonly index: number;
  readonly matches: (row: RowReader) => boolean;
}

/** Gives the places of the rules that match a record, in their order. */
type Matcher = (record: FileCertificateRecord) => readonly number[];

/**
 * Prepares `rules` for many records: the function gives the ids of those that flag a record, each once. `now` is in ticks and the
 * same for a whole sweep. Rules see DeviceFileCertificateInfo, which has signed rows only: an unsigned file is never
 * flagged, however it is named.
 *
 * Most rules ask for the signer alone, and a machine has few: what they say of a signer is remembered.
 */
export function flagger(
  rules: readonly CompiledRule[],
  now: bigint,
): (record: FileCertificateRecord) => string[] {
  const ofSigner: Test[] = [];
  const others: Test[] = [];
  for (const [index, { predicate }] of rules.entries()) {
    if (predicate === undefined) continue;
    const test = { index, matches: compilePredicate(predicate, now) };
    (readsSignerAlone(predicate) ? ofSigner : others).push(test);
  }
  const matchers = [bySigner(ofSigner), byRecord(others)];
  return (record) => {
    if (record.IsSigned !== true) return [];
    const found = matchers.flatMap((matcher) => matcher(record));
    if (found.length === 0) return [];
    const inOrder = found.sort((one, other) => one - other);
    return [...new Set(inOrder.map((index) => rules[index]?.id ?? ''))];
  };
}

/** The ids of the rules that flag `record`. For more than one record, prepare them once with `flagger`. */
export function flaggedBy(
  record: FileCertificateRecord,
  rules: readonly CompiledRule[],
  now: bigint,
): string[] {
  return flagger(rules, now)(record);
}

/** A null signer reads as '', as in KQL. */
function bySigner(tests: readonly Test[]): Matcher {
  const memo = new BoundedMemo((signer) => matching(tests, () => signer));
  return ({ Signer }) => memo.get(Signer ?? '');
}

function byRecord(tests: readonly Test[]): Matcher {
  return (record) => (tests.length === 0 ? [] : matching(tests, recordReader(record)));
}

function matching(tests: readonly Test[], row: RowReader): readonly number[] {
  return tests.filter(({ matches }) => matches(row)).map(({ index }) => index);
}

/** The plan is plain JSON: every column it reads is an object in it. The depth of a plan is bounded where it is made. */
function readsSignerAlone(predicate: Scalar): boolean {
  let isSigner = true;
  JSON.stringify(predicate, (_key, value: Partial<Scalar> | null) => {
    if (typeof value === 'object' && value?.kind === 'column' && 'name' in value)
      isSigner &&= value.name === 'Signer';
    return typeof value === 'bigint' ? null : value;
  });
  return isSigner;
}

/** A record's columns as KQL has them: datetimes in ticks, longs as bigint, and Timestamp under its other name too. */
function recordReader(record: FileCertificateRecord): RowReader {
  return (column) => {
    const name = column === 'TimeGenerated' ? 'Timestamp' : column;
    if (!isRecordColumn(name)) throw new TypeError(`no column ${column} in a record`);
    return toCell(record[name], recordColumns[name].type);
  };
}

function isRecordColumn(name: string): name is RecordColumn {
  return Object.hasOwn(recordColumns, name);
}

function toCell(value: FileCertificateRecord[RecordColumn], type: ColumnSpec['type']): CellValue {
  if (type === 'datetime' && typeof value === 'string') return parseDatetime(value) ?? null;
  if (type === 'long' && typeof value === 'number') return BigInt(value);
  return value;
}
