import { readFile } from 'node:fs/promises';
import { queryTextOfFile } from '../hunt/query-text.ts';
import { printResult } from '../print/print-result.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { UsageError } from '../usage-error.ts';
import { compilePlan, type PrintOptions, readNow, withReader } from './run-kql.ts';

/** `query`: the text is an argument or the content of `--file`. */
export async function query(
  kql: string | undefined,
  options: PrintOptions & { readonly file?: string },
): Promise<void> {
  const text = await queryText(kql, options.file);
  const now = readNow(options.now);
  const result = await withReader(options.data, async (store) =>
    store.run(await compilePlan(store, text), { now, limits: DEFAULT_QUERY_LIMITS }),
  );
  printResult(result, options.format);
}

async function queryText(kql: string | undefined, file: string | undefined): Promise<string> {
  if ((kql === undefined) === (file === undefined))
    throw new UsageError(
      "query takes either the query text or --file, as in: query 'AgentSweepInfo'",
    );
  if (file === undefined) return kql ?? '';
  try {
    return queryTextOfFile(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new UsageError(`there is no file ${file}`);
    throw error;
  }
}
