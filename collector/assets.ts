import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { getAsset, isSea } from 'node:sea';
import type { KustoSources } from '../parsers/kql/load-kusto.ts';

/**
 * 5.2 MB of Microsoft's parser, from the executable or from the npm package. The only place of the collector that knows where assets
 * are.
 */
export function readKustoSources(): KustoSources {
  const read = isSea() ? (name: string) => getAsset(name, 'utf8') : readKustoFile;
  return { bridge: read('bridge.min.js'), kusto: read('Kusto.Language.Bridge.min.js') };
}

function readKustoFile(name: string): string {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  return readFileSync(path.join(folder, name), 'utf8');
}
