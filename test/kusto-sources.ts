import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Kusto, loadKusto } from '../parsers/kql/load-kusto.ts';

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));

let kusto: Kusto | undefined;

/** Microsoft's parser for tests: loaded at the first call, then shared within one test file (0.6 s, first parse 1 s). */
export function kustoForTests(): Kusto {
  kusto ??= loadKusto({
    bridge: readFileSync(path.join(folder, 'bridge.min.js'), 'utf8'),
    kusto: readFileSync(path.join(folder, 'Kusto.Language.Bridge.min.js'), 'utf8'),
  });
  return kusto;
}
