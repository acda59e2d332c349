import { Command } from 'commander';

/** `certsweep licenses`: what a copy of this program has to bring with it. */
export function licensesCommand(): Command {
  return new Command('licenses')
    .description('print the licences of Node.js and of the other software in this program')
    .addHelpText('after', '\nExample:\n  certsweep licenses > licenses.txt\n')
    .action(async () => {
      const { readLicenses } = await import('../assets.ts');
      process.stdout.write(readLicenses());
    });
}
