import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BatchWriter } from '../../../collector/store/sqlite/batch-writer.ts';
import { registerKqlFunctions } from '../../../collector/store/sqlite/kql-functions.ts';
import { openForWriting } from '../../../collector/store/sqlite/open-database.ts';
import { packBatch, unpackBatch } from '../../../collector/store/sqlite/packed-batch.ts';
import { QueryGuard } from '../../../collector/store/sqlite/query-guard.ts';
import { runQuery } from '../../../collector/store/sqlite/run-query.ts';
import { type Batch, DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import type { Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import {
  type FileCertificateRecord,
  recordColumns,
  type TableColumns,
} from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { canonicalView, type Row } from '../../kql-oracle/canonical-view.ts';
import { runPlan } from '../../kql-oracle/run-plan.ts';

export const NOW = parseDatetime('2026-07-03T00:00:00Z') ?? 0n;
const RECEIVED = parseDatetime('2026-07-02T12:00:00Z') ?? 0n;

/** The same rows twice: in a SQLite store, and as the oracle takes them. Both are asked the same plan. */
export interface TwoAnswers {
  sql(plan: Plan): QueryResult;
  oracle(plan: Plan): QueryResult;
  close(): void;
}

export function twoAnswers(records: readonly FileCertificateRecord[]): TwoAnswers {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-answers-'));
  const db = openForWriting(folder);
  const guard = new QueryGuard(() => false);
  const batch: Batch = {
    id: '00',
    table: 'AgentFileCertificateInfo',
    rows: records,
    receivedAt: RECEIVED,
  };
  const [written] = new BatchWriter(db).write([unpackBatch(packBatch(batch))]);
  if (written?.stored !== records.length)
    throw new Error(`${written?.stored} of ${records.length} rows were stored: two are the same`);
  registerKqlFunctions(db, guard);
  const agentRows = records.map(toOracleRow);
  const tables = {
    AgentFileCertificateInfo: agentRows,
    DeviceFileCertificateInfo: canonicalView(agentRows), // once: it is slow
  };
  return {
    sql: (plan) => runQuery(db, plan, NOW, DEFAULT_QUERY_LIMITS, guard),
    oracle: (plan) => runPlan(plan, tables, NOW),
    close: () => {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

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
