import type { DatabaseSync } from 'node:sqlite';
import { parseDynamic } from '../../../parsers/kql/dynamic-json.ts';
import { boundFunction, isPureFunction } from '../../../parsers/kql/functions/function-table.ts';
import type { CellValue, ScalarType } from '../../../parsers/kql/plan.ts';
import { withEvaluationLimit } from './evaluation-limit.ts';
import type { QueryGuard } from './query-guard.ts';
import { type SqlValue, sqlFromTyped } from './sql-value.ts';

type SqlFunction = (args: readonly SqlValue[]) => SqlValue;

/** Signatures kept ready. A query has few, and they come from plans, not from rows. */
const MAX_PREPARED = 1000;

/**
 * Registers `kql_call(signature, ...)`, by which SQL calls the scalar functions of parsers/kql/functions. The signature
 * (function-names.ts) carries the types, since SQLite has no bool, datetime or dynamic of its own.
 */
export function registerKqlCalls(db: DatabaseSync, guard: QueryGuard): void {
  const prepared = new Map<string, SqlFunction>();
  const options = { deterministic: true, directOnly: true, useBigIntArguments: true };
  db.function('kql_call', { ...options, varargs: true }, (signature: SqlValue, ...args) => {
    const key = String(signature);
    let run = prepared.get(key);
    if (!run) {
      run = prepare(key);
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      prepared.set(key, run);
    }
    guard.tick();
    const result = run(args);
    // A long text takes as long as many short ones, so that the clock is looked at as often.
    if (typeof result === 'string')
      for (let done = 4096; done < result.length; done += 4096) guard.tick();
    return result;
  });
}

function prepare(signature: string): SqlFunction {
  const [name = '', resultType, ...types] = signature.split(' ') as [string, ...ScalarType[]];
  if (!isPureFunction(name) || !resultType) throw new Error(`no such signature: ${signature}`);
  const run = boundFunction({ name, types, resultType });
  return (args) => {
    const cells = types.map((type, index) => cellFromSql(args[index] ?? null, type));
    return sqlFromTyped(
      withEvaluationLimit(() => run(cells)),
      resultType,
    );
  };
}

/** A value of SQLite as one of KQL. */
export function cellFromSql(value: SqlValue, type: ScalarType): CellValue {
  if (value === null || value instanceof Uint8Array) return type === 'string' ? '' : null;
  switch (type) {
    case 'string':
      return String(value);
    case 'bool':
      return Number(value) !== 0;
    case 'long':
    case 'datetime':
    case 'timespan':
      return BigInt(value);
    case 'real':
      return Number(value);
    case 'dynamic':
      return (parseDynamic(String(value)) ?? null) as CellValue;
  }
}
