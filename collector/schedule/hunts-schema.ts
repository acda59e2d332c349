import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openPrivateDatabase } from '../store/sqlite/private-database.ts';

const HUNTS_VERSION = 1;

/**
 * Times are milliseconds since 1970. `mark`: what was received until then has been looked at by the rule. `owed`: the event of
 * which no notice has been made yet. `outbox` has a row for each channel that has not taken a notice.
 */
const SCHEMA = `
  CREATE TABLE rule (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    mark INTEGER NOT NULL,
    error TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    why TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    rules INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    found INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    notices INTEGER NOT NULL,
    unkept INTEGER NOT NULL) STRICT;
  CREATE TABLE finding (
    key TEXT NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    deviceId TEXT NOT NULL,
    grade TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('approved', 'unapproved')),
    judgement TEXT NOT NULL,
    body TEXT NOT NULL,
    found INTEGER NOT NULL,
    lastReceived INTEGER NOT NULL,
    owed TEXT,
    notices INTEGER NOT NULL DEFAULT 0,
    firstNotified INTEGER,
    lastNotified INTEGER) STRICT, WITHOUT ROWID;
  CREATE INDEX finding_of_device ON finding (deviceId);
  CREATE INDEX finding_by_state ON finding (state, grade);
  CREATE INDEX finding_owed ON finding (deviceId) WHERE owed IS NOT NULL;
  CREATE TABLE channel (
    name TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    retryTime INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    lastDelivery INTEGER,
    dropped INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'alone', 'refused')),
    created INTEGER NOT NULL,
    problem TEXT,
    body TEXT NOT NULL,
    UNIQUE (channel, id)) STRICT;
  CREATE INDEX outbox_of_channel ON outbox (channel, state, seq);
  CREATE TABLE schedule (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

export function huntsFile(dataFolder: string): string {
  return path.join(dataFolder, 'hunts.sqlite');
}

/**
 * Opens `hunts.sqlite` in the data folder, and makes it where it is absent. NORMAL: a loss of power may take back the last
 * transactions, all of them from some moment on; the runs are then repeated from the older marks, and their notices get the
 * same ids. A kill of the process takes nothing back.
 * Source: SQLite documentation, "PRAGMA synchronous".
 */
export function openHuntsDatabase(dataFolder: string): DatabaseSync {
  const db = openPrivateDatabase({
    file: huntsFile(dataFolder),
    version: HUNTS_VERSION,
    prepare: (fresh) => fresh.exec(SCHEMA),
  });
  db.exec('PRAGMA synchronous = NORMAL');
  return db;
}
