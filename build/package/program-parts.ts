import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFiles } from '../../agent/assets.ts';
import {
  licenseTexts,
  type ShippedPackage,
  shippedPackages,
} from '../../parsers/licenses/third-party-licenses.ts';
import { bundleProgram, project } from './bundle.ts';
import { bundledPackages } from './bundled-packages.ts';
import type { Commit } from './commit.ts';
import type { Program } from './programs.ts';
import { makeBlob } from './sea-blob.ts';

/** What makes a program of Node's executable, on each platform. */
export interface ProgramParts {
  /** Scripts and assets. The same sources and the same commit give the same bytes. */
  readonly blob: Uint8Array;
  /** The npm packages of which something is inside. */
  readonly packages: readonly ShippedPackage[];
}

/** Bundles `program`. `nodeLicense` is the text that Node's own licence file holds. */
export async function makeProgramParts(
  program: Program,
  { commit, nodeLicense }: { commit: Commit; nodeLicense: string },
): Promise<ProgramParts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-package-')); // mode 0700
  try {
    const scriptFolder = path.join(folder, 'scripts');
    const { main, scripts, metafile } = await bundleProgram(program, scriptFolder);
    const files = projectFiles(project);
    const shipped = shippedPackages(files.read('package-lock.json'));
    const packages = bundledPackages(program, metafile, shipped);
    const write = (name: string, text: string): string => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    };
    const assets = {
      ...scripts,
      ...Object.fromEntries(
        Object.entries(program.assets).map(([name, file]) => [name, path.join(project, file)]),
      ),
      'commit.txt': write('commit.txt', commit.name ?? ''),
      'licenses.txt': write('licenses.txt', `${nodeLicense}\n\n${licenseTexts(packages, files)}`),
    };
    const blob = makeBlob({ main, nodeOptions: program.nodeOptions, assets }, folder);
    return { blob, packages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
