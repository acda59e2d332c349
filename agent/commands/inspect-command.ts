import { Command, Option } from 'commander';
import type { InspectCommandOptions } from './inspect.ts';

const EXAMPLE = `
Example:
  certsweep inspect tvnserver.exe --roots /etc/certsweep/roots

Exit status: 0 inspected, whatever was found; 2 the file cannot be read, or is of no
kind that can be signed.
`;

/** `inspect FILE`: option parsing only. The work is in inspect(). */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show all that is known of one file: layout, signatures, chains, timestamps')
    .argument('<file>', 'a PE file, installer, cabinet, catalog, package or script')
    .addOption(
      new Option('--format <format>', 'for people or for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--roots <path>', 'trusted roots: a file or folder (repeatable)', collect)
    .option('--store <dir>', 'folder of the roots that `roots import` has placed')
    .option('--crl <path>', 'revocation lists: a file or folder (repeatable)', collect)
    .option('--distrust <file>', 'thumbprints of certificates not to be trusted')
    .option('--catalogs <dir>', 'folder of security catalogs (repeatable)', collect)
    .option('--strict', 'bytes stuffed into a signature are fatal')
    .addHelpText('after', EXAMPLE)
    .action(async (file: string, options: Omit<InspectCommandOptions, 'file'>) => {
      const { inspect } = await import('./inspect.ts');
      process.stdout.write(await inspect({ ...options, file }));
    });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
