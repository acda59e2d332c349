import type { DatabaseSync } from 'node:sqlite';

/** Raise it with every change of SCHEMA, and add the step from the version before. */
export const DOORS_VERSION = 2;

/**
 * Times are milliseconds since 1970. A revoked token stays, so that its device is not enrolled again by a mere key. A
 * device has one token, and beside it for a while the one that it replaces.
 */
const SCHEMA = `
  CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('device', 'reader', 'operator', 'key')),
    hash BLOB NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    deviceId TEXT,
    enrolledBy TEXT,
    usesLeft INTEGER,
    mayReplace INTEGER NOT NULL DEFAULT 0,
    createdTime INTEGER NOT NULL,
    expiresTime INTEGER,
    firstUsedTime INTEGER,
    revokedTime INTEGER,
    replacedBy TEXT) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX token_of_device ON token (deviceId)
    WHERE kind = 'device' AND revokedTime IS NULL AND replacedBy IS NULL;`;

/** SQLite changes no CHECK of a table: version 1, which knew no operators and no rotation, is copied into a new one. */
const FROM_VERSION_1 = `
  ALTER TABLE token RENAME TO token_1;
  DROP INDEX token_of_device;
  ${SCHEMA}
  INSERT INTO token (id, kind, hash, name, deviceId, enrolledBy, usesLeft, mayReplace, createdTime, expiresTime,
      firstUsedTime, revokedTime)
    SELECT id, kind, hash, name, deviceId, enrolledBy, usesLeft, mayReplace, createdTime, expiresTime, firstUsedTime,
      revokedTime FROM token_1;
  DROP TABLE token_1;`;

/** Brings a database of `version`, 0 where it is new, to DOORS_VERSION. Call it inside a transaction. */
export function prepareDoors(db: DatabaseSync, version: number): void {
  if (version === DOORS_VERSION) return;
  db.exec(`${version === 0 ? SCHEMA : FROM_VERSION_1} PRAGMA user_version = ${DOORS_VERSION};`);
}
