import { compilePredicate, type RowReader } from '../kql/evaluate-scalar.ts';
import type { CellValue } from '../kql/plan.ts';
import { type ColumnSpec, type FileCertificateRecord, recordColumns } from '../record/columns.ts';
import { parseDatetime } from '../record/datetime.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { compiledRules } from './compiled-rules.ts';

/** The rules of parsers/rules/packs, compiled ahead by `npm run rules`. */
export const builtInRules: readonly CompiledRule[] = compiledRules.map(
  (text) => JSON.parse(text) as CompiledRule,
);

/**
 * Prepares `rules` for many records: the function gives the ids of those that flag a record, each once. `now` is in ticks and the
 * same for a whole sweep. Rules see DeviceFileCertificateInfo, which has signed rows only: an unsigned file is never
 * flagged, however it is named.
 */
export function flagger(
  rules: readonly CompiledRule[],
  now: bigint,
): (record: FileCertificateRecord) => string[] {
  const tests = rules.flatMap(({ id, predicate }) =>
    predicate ? [{ id, matches: compilePredicate(predicate, now) }] : [],
  );
  return (record) => {
    if (record.IsSigned !== true) return [];
    const row = recordReader(record);
    const ids = tests.filter(({ matches }) => matches(row)).map(({ id }) => id);
    return ids.length > 1 ? [...new Set(ids)] : ids;
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

/** A record's columns as KQL has them: datetimes in ticks, longs as bigint, and Timestamp under its other name too. */
function recordReader(record: FileCertificateRecord): RowReader {
  return (column) => {
    const name = column === 'TimeGenerated' ? 'Timestamp' : column;
    if (!isRecordColumn(name)) throw new TypeError(`no column ${column} in a record`);
    return toCell(record[name], recordColumns[name].type);
  };
}

function isRecordColumn(name: string): name is keyof FileCertificateRecord {
  return Object.hasOwn(recordColumns, name);
}

function toCell(
  value: FileCertificateRecord[keyof FileCertificateRecord],
  type: ColumnSpec['type'],
): CellValue {
  if (type === 'datetime' && typeof value === 'string') return parseDatetime(value) ?? null;
  if (type === 'long' && typeof value === 'number') return BigInt(value);
  return value;
}
