import { Command, Option } from 'commander';
import { exitStatus } from '../exit-status.ts';

const EXAMPLE = `
Example:
  certsweep status --format json

Exit status: 0 all is well, 1 something is listed as a problem, 2 it cannot be told.
`;

export interface StatusOptions {
  readonly config?: string;
  readonly format: 'table' | 'json';
}

/** `status`: option parsing and printing only. */
export function statusCommand(): Command {
  return new Command('status')
    .description('the last sweep, the next one, and what has not been sent yet')
    .option('--config <file>', 'of another `run` than the installed one')
    .addOption(
      new Option('--format <format>', 'for people or for programs')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addHelpText('after', EXAMPLE)
    .action(async (options: StatusOptions) => {
      const { readStatus } = await import('./status.ts');
      const { text, hasProblems } = await readStatus(options);
      process.stdout.write(text);
      process.exitCode = hasProblems ? exitStatus.flagged : exitStatus.done;
    });
}
