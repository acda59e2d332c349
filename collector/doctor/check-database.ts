import { formatDatetime } from '../../parsers/record/datetime.ts';
import { integrityProblems } from '../store/sqlite/check-integrity.ts';
import { openForReading } from '../store/sqlite/open-database.ts';
import { toStoreError } from '../store/sqlite/sqlite-error.ts';
import { readStatus } from '../store/sqlite/store-status.ts';
import type { StoreStatus } from '../store/store.ts';
import type { StoreError } from '../store/store-error.ts';
import { counted, type Finding, fail, ok, sized, warn } from './finding.ts';

/** Bytes. The WAL is cut back at 64 MB unless something holds it. */
const LARGE_WAL = 100 * 1024 * 1024;

const RESTORE = 'stop the collector, keep the damaged files, and restore the last backup';

const REMEDIES: Partial<Record<StoreError['code'], string>> = {
  'newer-schema': 'use the newer version of certsweep-collector that wrote it',
  'older-schema': 'start serve of this version once: it brings the database to its own',
  'no-database': 'start serve with it once',
  busy: 'try again',
};

/** What the database says of itself, and whether it is whole. `status` is undefined where it cannot be opened. */
export function checkDatabase(dataFolder: string): {
  readonly findings: readonly Finding[];
  readonly status: StoreStatus | undefined;
} {
  try {
    const db = openForReading(dataFolder);
    try {
      const status = readStatus(db, dataFolder);
      const problems = integrityProblems(db);
      return { findings: [tell(status), integrity(problems), wal(status)], status };
    } finally {
      db.close();
    }
  } catch (error) {
    const { code, message } = toStoreError(error);
    return { findings: [fail('database', message, REMEDIES[code] ?? RESTORE)], status: undefined };
  }
}

function tell(status: StoreStatus): Finding {
  const { schemaVersion, observations, databaseBytes, freeBytes, lastRetention } = status;
  const retention = lastRetention
    ? `retention last ran at ${formatDatetime(lastRetention.at)} and removed ${counted(lastRetention.removed, 'row')}`
    : 'retention has never run';
  return ok(
    'database',
    `${counted(observations, 'record')} in ${sized(databaseBytes)}, of which ${sized(freeBytes)} are free; schema version ` +
      `${schemaVersion}; ${retention}`,
  );
}

function integrity(problems: readonly string[]): Finding {
  if (problems.length === 0)
    return ok('integrity', 'every page and index of the database is whole');
  const few = problems.slice(0, 3).join('; ');
  return fail('integrity', `${counted(problems.length, 'problem')}, the first: ${few}`, RESTORE);
}

function wal({ walBytes }: StoreStatus): Finding {
  if (walBytes <= LARGE_WAL) return ok('wal', `${sized(walBytes)} wait to be written into it`);
  return warn(
    'wal',
    `${sized(walBytes)} wait to be written into the database`,
    'look for a long query or a backup that hangs; a restart of serve writes them',
  );
}
