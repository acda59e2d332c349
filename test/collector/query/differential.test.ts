import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BatchWriter } from '../../../collector/store/sqlite/batch-writer.ts';
import { registerKqlFunctions } from '../../../collector/store/sqlite/kql-functions.ts';
import { openForWriting } from '../../../collector/store/sqlite/open-database.ts';
import { QueryGuard } from '../../../collector/store/sqlite/query-guard.ts';
import { runQuery } from '../../../collector/store/sqlite/run-query.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { dynamicText } from '../../../parsers/kql/dynamic-json.ts';
import type { CellValue, QueryResult } from '../../../parsers/kql/plan.ts';
import {
  type FileCertificateRecord,
  recordColumns,
  type TableColumns,
} from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import type { Row } from '../../kql-oracle/canonical-view.ts';
import { runPlan } from '../../kql-oracle/run-plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { Random } from './random.ts';
import { randomQuery } from './random-queries.ts';
import { randomRecords } from './random-records.ts';

const SEED = Number(process.env.CERTSWEEP_SEED ?? 20_260_701);
const NOW = parseDatetime('2026-07-03T00:00:00Z') ?? 0n;
const RECEIVED = parseDatetime('2026-07-02T12:00:00Z') ?? 0n;
const QUERIES = 150;

describe(`SQL says what the oracle says, seed ${SEED}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-differential-'));
  const random = new Random(SEED);
  const records = randomRecords(random, 120);
  const oracleRows = records.map(toOracleRow);
  const guard = new QueryGuard(() => false);
  let db: DatabaseSync;

  beforeAll(() => {
    db = openForWriting(folder);
    const names = Object.keys(recordColumns) as (keyof FileCertificateRecord)[];
    const rows = records.map((record) => names.map((name) => record[name]));
    const batch = {
      id: '00',
      table: 'AgentFileCertificateInfo',
      rows,
      receivedAt: RECEIVED,
    } as const;
    expect(new BatchWriter(db).write([batch])).toEqual([
      { rows: records.length, stored: records.length, duplicate: false },
    ]);
    registerKqlFunctions(db, guard);
  });

  afterAll(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  test(`${QUERIES} generated queries`, () => {
    let answered = 0;
    const refused: string[] = [];
    for (let index = 0; index < QUERIES; index += 1) {
      const query = randomQuery(random);
      let plan: ReturnType<typeof compileKql>;
      try {
        plan = compileKql(kustoForTests(), query);
      } catch (error) {
        refused.push(String(error));
        continue;
      }
      const expected = runPlan(plan, { AgentFileCertificateInfo: oracleRows }, NOW);
      const actual = runQuery(db, plan, NOW, DEFAULT_QUERY_LIMITS, guard);
      const ordered = /\| sort by/.test(query);
      expect(comparable(actual, ordered), `seed ${SEED}, query ${index}:\n${query}`).toEqual(
        comparable(expected, ordered),
      );
      answered += expected.rows.length > 0 ? 1 : 0;
    }
    // Most must compile and have rows, or the comparison says little.
    expect(refused.slice(0, 3), `${refused.length} refused`).toEqual([]);
    expect(answered).toBeGreaterThan(QUERIES / 2);
  });
});

function toOracleRow(record: FileCertificateRecord): Row {
  const cells = Object.entries(recordColumns as TableColumns).map(([name, { type }]) => {
    const value = record[name as keyof FileCertificateRecord];
    if (name === 'ReceivedTime') return [name, RECEIVED];
    if (value === null) return [name, type === 'string' ? '' : null];
    if (type === 'datetime') return [name, parseDatetime(String(value)) ?? null];
    return [name, type === 'long' ? BigInt(Number(value)) : value];
  });
  return Object.fromEntries(cells) as Row;
}

/** Rows as text; without `sort` their order, and always the order of a set's members, means nothing. */
function comparable({ columns, rows }: QueryResult, ordered: boolean) {
  const lines = rows.map((row) => row.map(cellText).join(' | '));
  return { columns, lines: ordered ? lines : lines.sort() };
}

function cellText(cell: CellValue): string {
  if (typeof cell === 'bigint') return `${cell}n`;
  if (Array.isArray(cell)) return JSON.stringify(cell.map(dynamicText).sort());
  return dynamicText(cell);
}
