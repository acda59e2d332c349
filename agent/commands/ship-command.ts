import { Command } from 'commander';
import type { ShipOptions } from './ship.ts';

const EXAMPLE = `
Examples:
  certsweep ship --state /var/lib/certsweep --collector https://collector.example:8400 --token-file token
  certsweep ship --state /var/lib/certsweep --list

Exit status: 0 nothing is left to send, 2 something is left, or it could not run. Batches that the collector
has refused are kept, listed by --list, and do not count.
`;

/** `ship`: option parsing only. The work is in ship(). */
export function shipCommand(): Command {
  return new Command('ship')
    .description('send what scans have left in a state folder to a collector, or list it')
    .requiredOption('--state <dir>', 'the folder that was given to scan')
    .option('--collector <url>', 'address of the certsweep-collector')
    .option('--token-file <file>', 'file that holds the bearer token for the collector')
    .option('--ca <file>', "PEM certificates to trust for TLS besides the system's")
    .option('--list', 'send nothing: show what waits, and what the collector refused and why')
    .option('--retry-refused', 'send the refused batches again, after the collector was updated')
    .addHelpText('after', EXAMPLE)
    .action(async (options: ShipOptions) => {
      const { ship } = await import('./ship.ts');
      process.exitCode = await ship(options);
    });
}
