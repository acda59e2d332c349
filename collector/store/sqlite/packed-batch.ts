import { recordColumns, sweepColumns } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { type PackedRows, RowPacker, unpackRows } from '../packed-rows.ts';
import type { Batch, IngestTable } from '../store.ts';
import type { BatchMessage } from './batch-writer.ts';
import type { CallMessage } from './thread-protocol.ts';

/** A batch on its way to the writer's thread. */
export type PackedBatch = Omit<BatchMessage, 'rows'> & { readonly rows: PackedRows };

/** The writer's call `append`, whoever posts it. */
export interface BatchCall extends CallMessage {
  readonly method: 'append';
  readonly args: readonly [PackedBatch];
}

const COLUMNS = { AgentFileCertificateInfo: recordColumns, AgentSweepInfo: sweepColumns } as const;
const TYPES = {
  AgentFileCertificateInfo: typesOf('AgentFileCertificateInfo'),
  AgentSweepInfo: typesOf('AgentSweepInfo'),
} as const;

function typesOf(table: IngestTable) {
  return Object.values(COLUMNS[table]).map(({ type }) => type);
}

/** For rows that are objects; those of a body are packed as they are parsed. */
export function packBatch({ id, table, receivedAt, sentAt, rows }: Batch): PackedBatch {
  const packer = new RowPacker(TYPES[table]);
  const names = Object.entries(COLUMNS[table]);
  for (const row of rows as readonly Readonly<Record<string, unknown>>[])
    packer.add(
      names.map(([name, { type }]) =>
        type === 'datetime' ? ticksOf(row[name]) : (row[name] ?? null),
      ),
    );
  return { id, table, receivedAt, sentAt, rows: packer.finish() };
}

export function unpackBatch({ rows, ...batch }: PackedBatch): BatchMessage {
  return { ...batch, rows: unpackRows(rows, TYPES[batch.table]) };
}

function ticksOf(value: unknown): bigint | null {
  return typeof value === 'string' ? (parseDatetime(value) ?? null) : null;
}
