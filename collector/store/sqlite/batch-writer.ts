import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { recordColumns, sweepColumns, type TableColumns } from '../../../parsers/record/columns.ts';
import type { AppendResult, IngestTable } from '../store.ts';
import { columnsIn, dictionaries } from './column-places.ts';
import { ContactTable } from './contact-table.ts';
import { DictionaryTable } from './dictionary-table.ts';
import { keyedValues } from './later-columns.ts';
import { ObservationTable } from './observation-table.ts';
import { SightingTable } from './sighting-table.ts';
import { contentKey, contentText, type SqlValue, toSqlValue } from './sql-value.ts';
import { toStoredTime } from './stored-time.ts';
import { inTransaction } from './transaction.ts';

/** A batch as the writer has it: rows are arrays in column order, datetimes are ticks. */
export interface BatchMessage {
  readonly id: string;
  readonly table: IngestTable;
  readonly receivedAt: bigint;
  readonly sentAt?: bigint | undefined;
  readonly rows: readonly (readonly unknown[])[];
}

/** Writes batches into the tables of schema.ts. */
export class BatchWriter {
  readonly #db: DatabaseSync;
  readonly #selectBatch: StatementSync;
  readonly #insertBatch: StatementSync;
  readonly #observations: ObservationTable;
  readonly #insertSweep: StatementSync;
  readonly #countRows: StatementSync;
  readonly dictionaries: readonly DictionaryTable[];
  readonly #sightings: SightingTable;
  readonly #contacts: ContactTable;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#selectBatch = db.prepare('SELECT rows FROM batch WHERE id = ? AND tableName = ?');
    this.#insertBatch = db.prepare('INSERT INTO batch VALUES (?, ?, ?, ?)');
    this.#countRows = db.prepare("UPDATE fact SET value = value + ? WHERE name = 'observations'");
    this.#sightings = new SightingTable(db);
    this.#contacts = new ContactTable(db);
    this.dictionaries = dictionaries.map((name) => new DictionaryTable(db, name));
    this.#observations = new ObservationTable(db);
    this.#insertSweep = prepareInsert(db, 'sweep', ['key', ...Object.keys(sweepColumns)]);
  }

  /** Writes all of `batches` in one transaction or none of them. When it returns they are on disk. */
  write(batches: readonly BatchMessage[]): AppendResult[] {
    try {
      return inTransaction(this.#db, () => batches.map((batch) => this.#writeBatch(batch)));
    } catch (error) {
      for (const dictionary of this.dictionaries) dictionary.forget();
      throw error;
    }
  }

  #writeBatch(batch: BatchMessage): AppendResult {
    const id = Buffer.from(batch.id, 'hex');
    const rows = batch.rows.length;
    for (const deviceId of new Set(batch.rows.map((row) => String(row[DEVICE_ID[batch.table]]))))
      this.#contacts.heard(deviceId, batch.receivedAt, batch.sentAt);
    if (this.#selectBatch.get(id, batch.table)) return { rows, stored: 0, duplicate: true };
    this.#insertBatch.run(id, batch.table, rows, batch.receivedAt);
    let stored = 0;
    for (const row of batch.rows) {
      stored +=
        batch.table === 'AgentSweepInfo'
          ? this.#writeSweep(row, batch.receivedAt)
          : this.#writeObservation(row, batch.receivedAt);
    }
    if (batch.table === 'AgentFileCertificateInfo') this.#countRows.run(stored);
    return { rows, stored, duplicate: false };
  }

  /** 1 where the row was new, 0 where its content is there already. */
  #writeObservation(row: readonly unknown[], receivedAt: bigint): number {
    const ids = this.dictionaries.map((dictionary, index) =>
      dictionary.idOf(pick(row, dictionaryColumns[index] ?? [])),
    );
    const own = pick(row, observationColumns);
    const timestamp = own[TIMESTAMP] as bigint; // no row lacks it
    const values = observationColumns.map(({ name, type }, index) => {
      const value = name === 'ReceivedTime' ? receivedAt : (own[index] ?? null);
      return type === 'datetime' ? toStoredTime(name, value as bigint | null, timestamp) : value;
    });
    if (!this.#observations.add([...ids, ...values])) return 0;
    if (row[recordPlace.Rules] !== null) this.#see(row);
    return 1;
  }

  #see(row: readonly unknown[]): void {
    const text = (name: keyof typeof recordPlace) => String(row[recordPlace[name]] ?? '');
    this.#sightings.see({
      DeviceId: text('DeviceId'),
      DeviceName: text('DeviceName'),
      FolderPath: text('FolderPath'),
      FileName: text('FileName'),
      SHA1: text('SHA1'),
      Rules: row[recordPlace.Rules],
      seen: toSqlValue(row[recordPlace.Timestamp], 'datetime') as bigint,
    });
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

function placesIn<Name extends string>(columns: Readonly<Record<Name, unknown>>) {
  const places = Object.keys(columns).map((name, position) => [name, position]);
  return Object.fromEntries(places) as Readonly<Record<Name, number>>;
}

const recordPlace = placesIn(recordColumns);
const DEVICE_ID: Readonly<Record<IngestTable, number>> = {
  AgentFileCertificateInfo: recordPlace.DeviceId,
  AgentSweepInfo: placesIn(sweepColumns).DeviceId,
};
const recordPositions = positioned(recordColumns);
const sweepPositions = positioned(sweepColumns);
const observationColumns = positionsOf(columnsIn('observation'));
const TIMESTAMP = observationColumns.findIndex(({ name }) => name === 'Timestamp');
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
