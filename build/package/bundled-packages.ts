import type { Metafile } from 'esbuild';
import type { ShippedPackage } from '../../parsers/licenses/third-party-licenses.ts';
import type { Program } from './programs.ts';

/** Those of `packages` of which something is in the bundle or among the assets of `program`. Node is not one of them. */
export function bundledPackages(
  program: Program,
  metafile: Metafile,
  packages: readonly ShippedPackage[],
): ShippedPackage[] {
  const files = [...Object.keys(metafile.inputs), ...Object.values(program.assets)];
  const folders = new Set(files.map(packageFolder));
  return packages.filter(({ folder }) => folders.has(folder));
}

/** As `node_modules/ajv/node_modules/fast-uri`; '' for a file of ours. */
function packageFolder(file: string): string {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? '';
}
