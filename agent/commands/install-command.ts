import { Command } from 'commander';

const INSTALL = `
Examples:
  certsweep install --config config.yaml --dry-run
  sudo certsweep install --config config.yaml

Linux: a systemd service and timer. Windows (untested): a scheduled task. Run it again to bring in a newer
executable or configuration.
`;

/** `install`: option parsing and printing only. */
export function installCommand(): Command {
  return new Command('install')
    .description(
      'copy the agent and its configuration to where only administrators write, and schedule it',
    )
    .option('--config <file>', 'the configuration to install; by default the one installed before')
    .option('--from-source', 'do not copy: start this source checkout from where it is')
    .option('--dry-run', 'print the steps and do nothing')
    .option('--root <dir>', 'install below this folder and start nothing, as for a system image')
    .addHelpText('after', INSTALL)
    .action(async (options: InstallCommandOptions) => {
      const { install } = await import('./install.ts');
      install(options, print);
    });
}

/** `uninstall`: option parsing and printing only. */
export function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('stop the agent and remove it; configuration, state and unsent records stay')
    .option('--purge', 'remove those, too')
    .option('--dry-run', 'print the steps and do nothing')
    .option('--root <dir>', 'as for install')
    .action(async (options: UninstallCommandOptions) => {
      const { uninstall } = await import('./install.ts');
      uninstall(options, print);
    });
}

export interface InstallCommandOptions {
  readonly config?: string;
  readonly fromSource?: boolean;
  readonly dryRun?: boolean;
  readonly root?: string;
}

export interface UninstallCommandOptions {
  readonly purge?: boolean;
  readonly dryRun?: boolean;
  readonly root?: string;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
