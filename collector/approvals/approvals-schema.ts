import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openPrivateDatabase } from '../store/sqlite/private-database.ts';

const APPROVALS_VERSION = 1;

/** Each edit is a row of its own; nothing is ever changed or removed, not even by a mistake of ours. Times are 100 ns ticks. */
const SCHEMA = `
  CREATE TABLE approval_version (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('approved', 'withdrawn')),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, version)) STRICT, WITHOUT ROWID;
  CREATE TRIGGER approval_version_stays BEFORE UPDATE ON approval_version
    BEGIN SELECT RAISE(ABORT, 'versions of approvals are never changed'); END;
  CREATE TRIGGER approval_version_is_kept BEFORE DELETE ON approval_version
    BEGIN SELECT RAISE(ABORT, 'versions of approvals are never removed'); END;`;

export function approvalsFile(dataFolder: string): string {
  return path.join(dataFolder, 'approvals.sqlite');
}

/** Opens `approvals.sqlite` in the data folder, and makes it where it is absent. */
export function openApprovalsDatabase(dataFolder: string): DatabaseSync {
  return openPrivateDatabase({
    file: approvalsFile(dataFolder),
    version: APPROVALS_VERSION,
    prepare: (db) => db.exec(SCHEMA),
  });
}
