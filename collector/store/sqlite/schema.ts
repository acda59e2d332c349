import type { DatabaseSync } from 'node:sqlite';
import {
  type ColumnType,
  contactColumns,
  sightingColumns,
  sweepColumns,
  type TableColumns,
} from '../../../parsers/record/columns.ts';
import { StoreError } from '../store-error.ts';
import { columnsIn, dictionaries, type Place } from './column-places.ts';
import { stepToVersion3 } from './schema-step-3.ts';
import { stepToVersion4 } from './schema-step-4.ts';

/**
 * Raise it with every change of schemaSql(). New columns are added to an older database by prepareSchema() and belong in
 * later-columns.ts; any other change needs a step of its own, such as schema-step-4.ts.
 */
export const SCHEMA_VERSION = 4;

/**
 * Every table, derived from columns.ts through column-places.ts.
 *
 * `key` is the first 16 bytes of a SHA-256 over the row's content: it makes "the same content is one row" a unique index
 * that nulls cannot slip through (SQLite's UNIQUE takes two nulls for different). For observations see observation-table.ts.
 */
export function schemaSql(): string {
  const dictionaryTables = dictionaries.map(
    (name) => `CREATE TABLE ${name} (
      id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, ${columnsSql(columnsIn(name))}) STRICT;`,
  );
  return `
    CREATE TABLE batch (
      id BLOB NOT NULL, tableName TEXT NOT NULL, rows INTEGER NOT NULL, receivedTime INTEGER NOT NULL,
      PRIMARY KEY (id, tableName)) STRICT, WITHOUT ROWID;
    ${dictionaryTables.join('\n')}
    CREATE INDEX certificate_by_signer ON certificate (Signer);
    CREATE INDEX device_by_id ON device (DeviceId);
    ${observationSql()}
    CREATE TABLE sweep (key BLOB NOT NULL PRIMARY KEY, ${columnsSql(namedColumns(sweepColumns))}) STRICT, WITHOUT ROWID;
    ${besideSql()}`;
}

/**
 * Observations are clustered by time, which is how batches come and what hunts ask for; the second index answers "which
 * rows have these certificates".
 */
export function observationSql(): string {
  return `
    CREATE TABLE observation (
      ${dictionaries.map((name) => `${name} INTEGER NOT NULL`).join(', ')},
      slot INTEGER NOT NULL, ${columnsSql(columnsIn('observation'))},
      PRIMARY KEY (Timestamp, device, path, slot)) STRICT, WITHOUT ROWID;
    CREATE INDEX observation_by_certificate ON observation (certificate, Timestamp, device, path);`;
}

/** Of observation-slot.ts. */
export const SLOT_SALT = "INSERT INTO fact VALUES ('slotSalt', random()) ON CONFLICT DO NOTHING;";

/** What came with version 3: what outlives retention, and what retention and status need. */
export function besideSql(): string {
  return `
    CREATE INDEX batch_by_time ON batch (receivedTime);
    CREATE INDEX sweep_by_time ON sweep (Timestamp);
    CREATE TABLE sighting (${columnsSql(namedColumns(sightingColumns))},
      PRIMARY KEY (DeviceId, FolderPath, FileName, SHA1)) STRICT, WITHOUT ROWID;
    CREATE TABLE contact (${columnsSql(namedColumns(contactColumns))}, PRIMARY KEY (DeviceId)) STRICT, WITHOUT ROWID;
    CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO fact VALUES ('observations', 0);
    ${SLOT_SALT}`;
}

/**
 * Creates the tables in an empty database, brings an older one to SCHEMA_VERSION, refuses a newer one. True where it was an
 * older one: its tables were written anew, and the pages that they had are free.
 */
export function prepareSchema(db: DatabaseSync): boolean {
  if (readSchemaVersion(db) === SCHEMA_VERSION) return false;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = readSchemaVersion(db);
    if (version === 0) db.exec(schemaSql());
    else addMissingColumns(db);
    if (version === 1 || version === 2) stepToVersion3(db, besideSql());
    if (version > 0) stepToVersion4(db, version, `${observationSql()} ${SLOT_SALT}`);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    return version > 0;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The version in the file: 0 for a new one. Throws StoreError where it is newer than ours. */
export function readSchemaVersion(db: DatabaseSync): number {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION)
    throw new StoreError(
      'newer-schema',
      `the database has schema version ${version}, this program knows ${SCHEMA_VERSION}: ` +
        'use the newer version of certsweep-collector that wrote it',
    );
  return version;
}

/** Rows that are there read as null, or '' for strings, in the new columns, and are not rewritten. */
function addMissingColumns(db: DatabaseSync): void {
  const select = db.prepare('SELECT name FROM pragma_table_info(?)');
  for (const table of [...dictionaries, 'observation', 'sweep'] as const) {
    const present = new Set(select.all(table).map(({ name }) => name));
    for (const column of columnsOf(table)) {
      if (!present.has(column.name))
        db.exec(`ALTER TABLE ${table} ADD COLUMN ${columnsSql([column])}`);
    }
  }
}

function columnsOf(table: Place | 'sweep'): readonly NamedColumn[] {
  return table === 'sweep' ? namedColumns(sweepColumns) : columnsIn(table);
}

interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

function namedColumns(columns: TableColumns): readonly NamedColumn[] {
  return Object.entries(columns).map(([name, { type }]) => ({ name, type }));
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  string: "TEXT NOT NULL DEFAULT ''", // Kusto has no null string
  bool: 'INTEGER',
  datetime: 'INTEGER', // 100 ns ticks
  long: 'INTEGER',
  dynamic: 'TEXT', // JSON
};

function columnsSql(columns: readonly NamedColumn[]): string {
  return columns.map(({ name, type }) => `"${name}" ${SQL_TYPES[type]}`).join(', ');
}
