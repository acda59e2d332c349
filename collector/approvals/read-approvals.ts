import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import type { Approval } from './approval.ts';
import { readVersions } from './approval-versions.ts';
import { approvalsFile } from './approvals-schema.ts';

/** The approvals of a data folder, the last version of each, beside a `serve` that may be using it; none where none was made. */
export function readApprovals(dataFolder: string): readonly Approval[] {
  const file = approvalsFile(dataFolder);
  if (!existsSync(file)) return [];
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    try {
      return readVersions(db).map(({ approval }) => approval);
    } finally {
      db.close();
    }
  } catch (error) {
    throw toStoreError(error, dataFolder);
  }
}
