import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { KustoSources } from '../parsers/kql/load-kusto.ts';

/** Reads 5.2 MB from the npm package. The only place of the collector that knows where assets are. */
export function readKustoSources(): KustoSources {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  return {
    bridge: readFileSync(path.join(folder, 'bridge.min.js'), 'utf8'),
    kusto: readFileSync(path.join(folder, 'Kusto.Language.Bridge.min.js'), 'utf8'),
  };
}
