import { Command } from 'commander';
import type { EnrollOptions } from './enroll.ts';
import { deviceId } from './option-values.ts';

const EXAMPLE = `
Example:
  certsweep enroll --collector https://collector.example:8400 --key-file key --token-file /etc/certsweep/token

The key is made on the collector with \`certsweep-collector enroll --key\`.
Exit status: 0 the token is in its file, 2 it is not.
`;

/** `enroll`: option parsing only. The work is in enroll(). */
export function enrollCommand(): Command {
  return new Command('enroll')
    .description("fetch this device's token from a collector, with an enrolment key")
    .requiredOption('--collector <url>', 'address of the certsweep-collector')
    .requiredOption('--key-file <file>', 'file that holds the enrolment key')
    .requiredOption('--token-file <file>', 'where to put the token, readable by its owner only')
    .option('--ca <file>', "PEM certificates to trust for TLS besides the system's")
    .option('--device-id <hex>', '40 hex digits; by default from the machine id', deviceId)
    .option('--device-name <name>', 'by default the full host name')
    .addHelpText('after', EXAMPLE)
    .action(async (options: EnrollOptions) => {
      const { enroll } = await import('./enroll.ts');
      process.exitCode = await enroll(options);
    });
}
