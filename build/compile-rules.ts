/**
 * `npm run rules`: compiles parsers/rules/packs/*.yaml into parsers/rules/compiled-rules.ts, so that an agent flags files
 * without Microsoft's parser, and into collector/hunt/compiled-plans.ts, so that a hunt starts without it. Tests compare both
 * with the packs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fastGlob from 'fast-glob';
import type { CompiledPlan } from '../collector/hunt/compiled-plan.ts';
import { compileKql } from '../parsers/kql/compile-kql.ts';
import { type Kusto, loadKusto } from '../parsers/kql/load-kusto.ts';
import { compileRule } from '../parsers/rules/compile-rule.ts';
import type { CompiledRule } from '../parsers/rules/compiled-rule.ts';
import type { HuntingRule } from '../parsers/rules/hunting-rule.ts';
import { parseRule } from '../parsers/rules/parse-rule.ts';

const projectFolder = path.join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** Every pack, compiled for agents, in the order of the file names. */
export function compilePacks(kusto: Kusto): CompiledRule[] {
  return readPacks().map((rule) => compileRule(kusto, rule));
}

/** The whole query of every pack as a plan. */
export function compilePlans(kusto: Kusto): CompiledPlan[] {
  return readPacks().map(({ id, query }) => ({
    id,
    plan: JSON.stringify(compileKql(kusto, query)),
  }));
}

function readPacks(): HuntingRule[] {
  const files = fastGlob.sync('parsers/rules/packs/*.yaml', { cwd: projectFolder }).sort();
  return files.map(
    (file) => parseRule(readFileSync(path.join(projectFolder, file), 'utf8'), file).rule,
  );
}

const MADE = '// Made by `npm run rules` from parsers/rules/packs. Do not edit.';

/** The TypeScript modules, before Biome lays them out. */
function modulesOf(kusto: Kusto): Record<string, string> {
  const rules = compilePacks(kusto).map((rule) => JSON.stringify(rule));
  return {
    'parsers/rules/compiled-rules.ts': `${MADE}

/** Each rule as JSON, which starts sooner than the same as a literal: a scan reads all of them. */
export const compiledRules: readonly string[] = ${JSON.stringify(rules, null, 2)};
`,
    'collector/hunt/compiled-plans.ts': `${MADE}
import type { CompiledPlan } from './compiled-plan.ts';

export const compiledPlans: readonly CompiledPlan[] = ${JSON.stringify(compilePlans(kusto), null, 2)};
`,
  };
}

function kustoOfPackage(): Kusto {
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  return loadKusto({
    bridge: readFileSync(path.join(folder, 'bridge.min.js'), 'utf8'),
    kusto: readFileSync(path.join(folder, 'Kusto.Language.Bridge.min.js'), 'utf8'),
  });
}

if (import.meta.main) {
  const biome = require.resolve('@biomejs/biome/bin/biome');
  for (const [name, text] of Object.entries(modulesOf(kustoOfPackage()))) {
    const file = path.join(projectFolder, name);
    writeFileSync(file, text);
    execFileSync(process.execPath, [biome, 'check', '--write', file], { stdio: 'ignore' });
    console.log(`made ${name}`);
  }
}
