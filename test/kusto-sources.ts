import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Kusto, loadKusto } from '../parsers/kql/load-kusto.ts';
import type { TableColumns } from '../parsers/record/columns.ts';

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));

let kusto: Kusto | undefined;

/** Microsoft's parser for tests: loaded at the first call, then shared within one test file (0.6 s, first parse 1 s). */
export function kustoForTests(): Kusto {
  kusto ??= loadKusto(readSources());
  return kusto;
}

/** The same with other tables than ours. */
export function kustoWith(tables: Readonly<Record<string, TableColumns>>): Kusto {
  return loadKusto(readSources(), tables);
}

function readSources() {
  return {
    bridge: readFileSync(path.join(folder, 'bridge.min.js'), 'utf8'),
    kusto: readFileSync(path.join(folder, 'Kusto.Language.Bridge.min.js'), 'utf8'),
  };
}
