import { Command, CommanderError } from 'commander';
import { scanCommand } from './commands/scan-command.ts';
import { CommandError, exitStatus } from './exit-status.ts';
import { agentVersion } from './version.ts';

/** The agent's command line. Sets process.exitCode and leaves the process to end when its output is written. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('certsweep')
    .description(
      'Find files signed by remote-management vendors, first of all GlavSoft (TightVNC).',
    )
    .version(agentVersion)
    .addHelpText('after', '\nExample:\n  certsweep scan /mnt/c --format table\n');
  program.addCommand(scanCommand());
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = exitStatus.failed;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) process.exitCode = exitStatus.done; // --help and --version come this way too
    } else if (error instanceof CommandError) {
      process.stderr.write(`certsweep: ${error.message}\n`);
    } else {
      throw error;
    }
  }
}
