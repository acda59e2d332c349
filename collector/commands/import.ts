import { importFile } from '../import/import-file.ts';
import { lockDataFolder } from '../store/data-lock.ts';
import { checkDatabase } from '../store/sqlite/check-database.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';

export interface ImportOptions {
  readonly data: string;
}

/** `import`: one line a file on stdout, refused rows on stderr. Gives the exit status: 1 where rows were refused. */
export async function importFiles(
  files: readonly string[],
  { data }: ImportOptions,
): Promise<number> {
  const lock = lockDataFolder(data);
  try {
    checkDatabase(data);
    const store = await SqliteStore.open(data, 'write');
    try {
      let refused = 0;
      for (const file of files) {
        const summary = await importFile(file, store, Date.now, (line) =>
          process.stderr.write(`${line}\n`),
        );
        refused += summary.refused;
        process.stdout.write(`${summary.text}\n`);
      }
      return refused > 0 ? 1 : 0;
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}
