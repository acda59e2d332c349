import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { printable } from '../../parsers/record/printable.ts';
import { approvalsFile } from '../approvals/approvals-schema.ts';
import { doorsFile } from '../doors/open-doors.ts';
import { huntsFile } from '../schedule/hunts-schema.ts';
import { backupDatabase, copyDatabase } from '../store/sqlite/backup-database.ts';
import { databaseFile } from '../store/sqlite/open-database.ts';
import { UsageError } from '../usage-error.ts';

/** Of `serve --tls-self-signed`. Without its authority a restored collector would make a new one, which no agent knows. */
const TLS_FOLDER = 'tls';

/**
 * `backup`: makes the new folder `out`, a data folder of its own with records, tokens, approvals and the collector's own TLS
 * identity.
 * It gets its name when it is whole. `serve` may run meanwhile.
 */
export async function backup({ data, out }: { readonly data: string; readonly out: string }) {
  if (existsSync(out)) throw new UsageError(`${out} is there already: name a new folder for --out`);
  const target = path.resolve(out);
  mkdirSync(path.dirname(target), { recursive: true });
  const partial = mkdtempSync(`${target}.partial-`); // mode 0700
  try {
    const { bytes } = await backupDatabase(data, databaseFile(partial));
    const parts = [
      'records',
      ...(await copySmall('tokens', doorsFile(data), doorsFile(partial))),
      ...(await copySmall('approvals', approvalsFile(data), approvalsFile(partial))),
      ...(await copySmall('findings', huntsFile(data), huntsFile(partial))),
      ...copyTls(data, partial),
    ];
    renameSync(partial, target);
    const shown = printable(target);
    process.stdout.write(
      `backed up to ${shown}: ${parts.join(', ')}; ${bytes} bytes of records\n` +
        `to restore, stop serve and start it with --data ${shown}, or move that folder to the old one's place\n`,
    );
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** A folder that only `import` has written has no tokens, and perhaps no approvals. */
async function copySmall(what: string, from: string, to: string): Promise<readonly string[]> {
  if (!existsSync(from)) return [];
  const db = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await copyDatabase(db, to);
  } finally {
    db.close();
  }
  return [what];
}

function copyTls(data: string, target: string): readonly string[] {
  const folder = path.join(data, TLS_FOLDER);
  if (!existsSync(folder)) return [];
  cpSync(folder, path.join(target, TLS_FOLDER), { recursive: true, errorOnExist: true });
  return ['TLS keys'];
}
