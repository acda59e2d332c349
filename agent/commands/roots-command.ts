import { Command, Option } from 'commander';
import type { RootsListOptions } from './roots.ts';

const STORE = [
  '--store <dir>',
  'folder of imported roots, instead of the one of this user',
] as const;

const EXAMPLE = `
Examples:
  certsweep roots import codesignctl.pem timestampctl.pem
  certsweep roots import authroot.stl ./crt-files
  certsweep roots list
`;

/** `roots import|list`: option parsing and printing only. */
export function rootsCommand(): Command {
  const place = new Command('import')
    .description('keep a set of trusted roots for later sweeps, in place of the one kept before')
    .argument('<path...>', 'PEM bundles, .crt files, authroot.stl, or folders of them')
    .option(...STORE)
    .action(async (paths: string[], { store }: { store?: string }) => {
      const { importRoots } = await import('./roots.ts');
      process.stdout.write(importRoots(paths, store));
    });
  const list = new Command('list')
    .description('the sources of trusted roots at hand; the first one judges')
    .option('--roots <path>', 'a file or folder, as for scan (repeatable)', collect)
    .option(...STORE)
    .addOption(
      new Option('--format <format>', 'for people or for programs')
        .choices(['table', 'json'])
        .default('table'),
    )
    .action(async (options: RootsListOptions) => {
      const { listRoots } = await import('./roots.ts');
      process.stdout.write(await listRoots(options));
    });
  return new Command('roots')
    .description('trusted roots: bring them in, and see which will judge')
    .addHelpText('after', EXAMPLE)
    .addCommand(place)
    .addCommand(list);
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
