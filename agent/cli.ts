import { Command, CommanderError } from 'commander';
import { printableLines } from '../parsers/record/printable.ts';
import { configCommand } from './commands/config-command.ts';
import { enrollCommand } from './commands/enroll-command.ts';
import { inspectCommand } from './commands/inspect-command.ts';
import { installCommand, uninstallCommand } from './commands/install-command.ts';
import { licensesCommand } from './commands/licenses-command.ts';
import { rootsCommand } from './commands/roots-command.ts';
import { rulesCommand } from './commands/rules-command.ts';
import { runCommand } from './commands/run-command.ts';
import { scanCommand } from './commands/scan-command.ts';
import { shipCommand } from './commands/ship-command.ts';
import { statusCommand } from './commands/status-command.ts';
import { CommandError, exitStatus } from './exit-status.ts';
import { versionLine } from './version.ts';
import { writeProblem } from './write-problem.ts';

/** The agent's command line. Sets process.exitCode and leaves the process to end when its output is written. */
export async function main(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', exitOnBug);
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', () => {}); // nobody is left to tell: the exit status says it all the same
  const program = new Command('certsweep')
    .description(
      'Find files signed by remote-management vendors, first of all GlavSoft (TightVNC).',
    )
    .option('-V, --version', 'print version and commit')
    .on('option:version', printVersion)
    .addHelpText('after', '\nExample:\n  certsweep scan / --format table\n')
    .addCommand(scanCommand())
    .addCommand(inspectCommand())
    .addCommand(rootsCommand())
    .addCommand(rulesCommand())
    .addCommand(runCommand())
    .addCommand(shipCommand())
    .addCommand(enrollCommand())
    .addCommand(configCommand())
    .addCommand(installCommand())
    .addCommand(uninstallCommand())
    .addCommand(statusCommand())
    .addCommand(licensesCommand());
  exitByException(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // --help and --version come this way too, with 0
      process.exitCode = error.exitCode === 0 ? exitStatus.done : exitStatus.failed;
    } else if (error instanceof CommandError) {
      fail(error.message);
    } else if (isFolderGone(error)) {
      fail('the current directory is gone: change to one that is there, and start again');
    } else {
      exitOnBug(error);
    }
  }
}

/** Asked for when it is needed only: in a checkout git is started for it. */
function printVersion(): never {
  process.stdout.write(`${versionLine()}\n`);
  throw new CommanderError(exitStatus.done, 'commander.version', '');
}

function fail(message: string): void {
  process.stderr.write(`certsweep: ${printableLines(message)}\n`);
  process.exitCode = exitStatus.failed;
}

/** Relative paths and the look-up of some options ask for the current directory, which another process can remove. */
function isFolderGone(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

/** Node's own status for an uncaught error is 1, which would read as "flagged". */
function exitOnBug(error: unknown): never {
  process.stderr.write(`certsweep: a bug, please report it: ${(error as Error).stack ?? error}\n`);
  process.exit(exitStatus.failed);
}

/** `certsweep scan --help | head` is no bug. Who writes a report has a listener of his own, and has been told. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (process.stdout.listenerCount('error') > 1) return;
  if (error.code === 'EPIPE') process.exit();
  fail(`cannot write standard output: ${writeProblem(error)}`);
  process.exit();
}

/** commander calls process.exit unless told, of each command by itself. */
function exitByException(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) exitByException(inner);
}
