import { Command, Option } from 'commander';
import { exitStatus } from '../exit-status.ts';
import { addConfigFlags, configFlags } from './config-flags.ts';

const EXAMPLE = `
Example:
  certsweep config check /etc/certsweep/config.yaml

Exit status: 0 usable, 1 not usable (each reason with its line and column), 2 it cannot be read.
`;

/** `config check|keys`: option parsing and printing only. */
export function configCommand(): Command {
  const check = addConfigFlags(
    new Command('check')
      .description('read a configuration of `run` and show which values count, and why')
      .argument('<file>', 'the YAML file')
      .addOption(
        new Option('--format <format>', 'for people or for programs')
          .choices(['table', 'json'])
          .default('table'),
      ),
  )
    .addHelpText('after', EXAMPLE)
    .action(async (file: string, options: { format: 'table' | 'json' }) => {
      const { checkConfigFile } = await import('./config.ts');
      const { text, usable } = checkConfigFile(file, configFlags({ ...options }), options.format);
      (usable ? process.stdout : process.stderr).write(text);
      process.exitCode = usable ? exitStatus.done : exitStatus.flagged;
    });
  const keys = new Command('keys')
    .description('the reference of all keys, as Markdown')
    .action(async () => {
      const { configReference } = await import('../service/config-keys.ts');
      process.stdout.write(configReference());
    });
  return new Command('config')
    .description('the configuration of `run`: check a file, list the keys')
    .addCommand(check)
    .addCommand(keys);
}
