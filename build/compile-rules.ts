/**
 * `npm run rules`: compiles parsers/rules/packs/*.yaml into parsers/rules/compiled-rules.ts, so that an agent flags files
 * without Microsoft's parser. A test compares the file with the packs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fastGlob from 'fast-glob';
import { type Kusto, loadKusto } from '../parsers/kql/load-kusto.ts';
import { compileRule } from '../parsers/rules/compile-rule.ts';
import type { CompiledRule } from '../parsers/rules/compiled-rule.ts';
import { parseRule } from '../parsers/rules/parse-rule.ts';

const projectFolder = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** Every pack, compiled, in the order of the file names. */
export function compilePacks(kusto: Kusto): CompiledRule[] {
  const files = fastGlob.sync('parsers/rules/packs/*.yaml', { cwd: projectFolder }).sort();
  return files.map((file) => {
    const { rule } = parseRule(readFileSync(path.join(projectFolder, file), 'utf8'), file);
    return compileRule(kusto, rule);
  });
}

/** The TypeScript module that holds `rules`, before Biome lays it out. */
function moduleOf(rules: readonly CompiledRule[]): string {
  return `// Made by \`npm run rules\` from parsers/rules/packs. Do not edit.
import type { CompiledRule } from './compiled-rule.ts';

export const compiledRules: readonly CompiledRule[] = ${JSON.stringify(rules, null, 2)};
`;
}

function kustoOfPackage(): Kusto {
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  return loadKusto({
    bridge: readFileSync(path.join(folder, 'bridge.min.js'), 'utf8'),
    kusto: readFileSync(path.join(folder, 'Kusto.Language.Bridge.min.js'), 'utf8'),
  });
}

if (import.meta.main) {
  const rules = compilePacks(kustoOfPackage());
  const file = path.join(projectFolder, 'parsers/rules/compiled-rules.ts');
  writeFileSync(file, moduleOf(rules));
  const biome = require.resolve('@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'check', '--write', file], { stdio: 'ignore' });
  console.log(`${rules.length} rules compiled into ${path.relative(projectFolder, file)}`);
}
