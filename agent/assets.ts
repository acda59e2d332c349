import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import type { KustoSources } from '../parsers/kql/load-kusto.ts';
import {
  licenseTexts,
  type ProjectFiles,
  shippedPackages,
} from '../parsers/licenses/third-party-licenses.ts';

/**
 * The commit of this program, twelve digits of it, with `-dirty` where files differ from it; undefined where nobody can tell: a checkout
 * needs git for it.
 */
export function readCommit(): string | undefined {
  if (isSea()) return getAsset('commit.txt', 'utf8') || undefined;
  const project = fileURLToPath(new URL('..', import.meta.url));
  if (!existsSync(path.join(project, '.git'))) return undefined; // git would tell of a repository around it
  // Loaded only here: it takes longer than all the rest of --version, and an executable does without.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', describe, { cwd: project, stdio, encoding: 'utf8' }).trim();
  } catch {
    return undefined; // no git here, or it does not trust the folder
  }
}

/** The licences of all that is not ours in this program, Node among it: 0.3 MB of text. */
export function readLicenses(): string {
  if (isSea()) return getAsset('licenses.txt', 'utf8');
  const files = projectFiles(fileURLToPath(new URL('..', import.meta.url)));
  return licenseTexts(shippedPackages(files.read('package-lock.json')), files);
}

/** The files of the checkout in the folder `project`. */
export function projectFiles(project: string): ProjectFiles {
  return {
    list: (folder) => {
      const place = path.join(project, folder);
      return existsSync(place) ? readdirSync(place) : [];
    },
    read: (file) => readFileSync(path.join(project, file), 'utf8'),
  };
}

/** 5.2 MB of Microsoft's parser, for rules that are not built in. A sweep without them never reads it. */
export function readKustoSources(): KustoSources {
  const read = isSea() ? (name: string) => getAsset(name, 'utf8') : readKustoFile;
  return { bridge: read('bridge.min.js'), kusto: read('Kusto.Language.Bridge.min.js') };
}

function readKustoFile(name: string): string {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
  return readFileSync(path.join(folder, name), 'utf8');
}
