import { Command } from 'commander';
import { addConfigFlags, configFlags } from './config-flags.ts';

const EXAMPLE = `
Examples:
  certsweep run --config /etc/certsweep/config.yaml
  certsweep run --config /etc/certsweep/config.yaml --once

The log is JSON, one event a line, on standard error. SIGTERM ends it, SIGHUP makes it read the configuration again.

Exit status: 0 told to stop, or with --once swept and all sent; 2 it could not begin, or with --once not swept or
not all sent (the rest is kept and sent later); 130 --once was interrupted.
`;

/** `run`: option parsing only. The work is in runService(). */
export function runCommand(): Command {
  const command = new Command('run')
    .description('the deployed agent: sweep on a schedule and send the records to a collector')
    .requiredOption('--config <file>', 'YAML; see `certsweep config keys`')
    .option('--once', 'one sweep now, send all that waits, and end: for a timer');
  return addConfigFlags(command)
    .addHelpText('after', EXAMPLE)
    .action(async (options: { config: string; once?: boolean }) => {
      const { runService } = await import('../service/service.ts');
      process.exitCode = await runService({
        configFile: options.config,
        once: options.once ?? false,
        flags: configFlags({ ...options }),
      });
    });
}
