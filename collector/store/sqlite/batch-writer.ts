import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { recordColumns, sweepColumns, type TableColumns } from '../../../parsers/record/columns.ts';
import type { AppendResult, IngestTable } from '../store.ts';
import { columnsIn, dictionaries } from './column-places.ts';
import { DictionaryTable } from './dictionary-table.ts';
import { keyedValues } from './later-columns.ts';
import { contentKey, contentText, type SqlValue, toSqlValue } from './sql-value.ts';

/** A batch as it crosses to the writer's thread: rows are arrays in column order, which clone far faster than objects. */
export interface BatchMessage {
  readonly id: string;
  readonly table: IngestTable;
  readonly receivedAt: bigint;
  readonly rows: readonly (readonly unknown[])[];
}

/** Writes batches into the tables of schema.ts. */
export class BatchWriter {
  readonly #db: DatabaseSync;
  readonly #selectBatch: StatementSync;
  readonly #insertBatch: StatementSync;
  readonly #insertObservation: StatementSync;
  readonly #insertSweep: StatementSync;
  readonly #dictionaries: readonly DictionaryTable[];

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#selectBatch = db.prepare('SELECT rows FROM batch WHERE id = ? AND tableName = ?');
    this.#insertBatch = db.prepare('INSERT INTO batch VALUES (?, ?, ?, ?)');
    this.#dictionaries = dictionaries.map((name) => new DictionaryTable(db, name));
    this.#insertObservation = prepareInsert(db, 'observation', [
      ...dictionaries,
      'key',
      ...observationColumns.map(({ name }) => name),
    ]);
    this.#insertSweep = prepareInsert(db, 'sweep', ['key', ...Object.keys(sweepColumns)]);
  }

  /** Writes all of `batches` in one transaction or none of them. When it returns they are on disk. */
  write(batches: readonly BatchMessage[]): AppendResult[] {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const results = batches.map((batch) => this.#writeBatch(batch));
      this.#db.exec('COMMIT');
      return results;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK'); // a full disk has rolled back already
      for (const dictionary of this.#dictionaries) dictionary.forget();
      throw error;
    }
  }

  #writeBatch(batch: BatchMessage): AppendResult {
    const id = Buffer.from(batch.id, 'hex');
    const rows = batch.rows.length;
    if (this.#selectBatch.get(id, batch.table)) return { rows, stored: 0, duplicate: true };
    this.#insertBatch.run(id, batch.table, rows, batch.receivedAt);
    let stored = 0;
    for (const row of batch.rows) {
      stored +=
        batch.table === 'AgentSweepInfo'
          ? this.#writeSweep(row, batch.receivedAt)
          : this.#writeObservation(row, batch.receivedAt);
    }
    return { rows, stored, duplicate: false };
  }

  /** 1 where the row was new, 0 where its content is there already. */
  #writeObservation(row: readonly unknown[], receivedAt: bigint): number {
    const ids = this.#dictionaries.map((dictionary, index) =>
      dictionary.idOf(pick(row, dictionaryColumns[index] ?? [])),
    );
    const own = pick(row, observationColumns);
    const key = contentKey(
      contentText([...ids, ...keyedValues('observation', observationColumns, own)]),
    );
    const values = observationColumns.map(({ name }, index) =>
      name === 'ReceivedTime' ? receivedAt : (own[index] ?? null),
    );
    return Number(this.#insertObservation.run(...ids, key, ...values).changes);
  }

  #writeSweep(row: readonly unknown[], receivedAt: bigint): number {
    const values = pick(row, sweepPositions);
    const key = contentKey(contentText(keyedValues('sweep', sweepPositions, values)));
    const stored = sweepPositions.map(({ name }, index) =>
      name === 'ReceivedTime' ? receivedAt : (values[index] ?? null),
    );
    return Number(this.#insertSweep.run(key, ...stored).changes);
  }
}

type PositionedColumn = ReturnType<typeof positioned>[number];

/** Columns with their place in a message's rows. */
function positioned(columns: TableColumns) {
  return Object.entries(columns).map(([name, { type }], position) => ({ name, type, position }));
}

const recordPositions = positioned(recordColumns);
const sweepPositions = positioned(sweepColumns);
const observationColumns = positionsOf(columnsIn('observation'));
const dictionaryColumns = dictionaries.map((name) => positionsOf(columnsIn(name)));

function positionsOf(columns: readonly { readonly name: string }[]): readonly PositionedColumn[] {
  const names = new Set(columns.map(({ name }) => name));
  return recordPositions.filter(({ name }) => names.has(name));
}

/** ReceivedTime is the collector's to say, and no part of a row's content: what a sender puts there is not read. */
function pick(row: readonly unknown[], columns: readonly PositionedColumn[]): SqlValue[] {
  return columns.map(({ name, type, position }) =>
    name === 'ReceivedTime' ? null : toSqlValue(row[position] ?? null, type),
  );
}

function prepareInsert(db: DatabaseSync, table: string, columns: readonly string[]): StatementSync {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const marks = columns.map(() => '?').join(', ');
  return db.prepare(`INSERT INTO ${table} (${names}) VALUES (${marks}) ON CONFLICT DO NOTHING`);
}
