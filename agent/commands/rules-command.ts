import { Command, Option } from 'commander';
import type { RulesOptions } from './rules.ts';

const EXAMPLE = `
Examples:
  certsweep rules list
  certsweep rules check ./rules my-rule.yaml
`;

const CHECK_EXAMPLE = `
Example:
  certsweep rules check ./rules --format json

Of a folder every *.yaml and *.yml below it is checked. Any other file that is named holds KQL: a query, or one filter such as
process.name != "tightvnc.exe", of which is said what it does and which approval (YAML) says what it means. Exit status: 0 no errors (warnings are none), 1 errors,
2 could not run.
`;

/** `rules list|check`: option parsing and printing only. */
export function rulesCommand(): Command {
  const list = withFormat(new Command('list'))
    .description('the rules that are built in: id, tool, name, digest of the query')
    .action(async (options: RulesOptions) => {
      const { listRules } = await import('./rules.ts');
      process.stdout.write(listRules(options));
    });
  const check = withFormat(new Command('check'))
    .description('read rule files and say what is wrong with them, one line a file')
    .argument(
      '<path...>',
      'rule files in YAML, folders of them, or text files with a filter or a query',
    )
    .addHelpText('after', CHECK_EXAMPLE)
    .action(async (paths: string[], options: RulesOptions) => {
      const { checkRules } = await import('./rules.ts');
      process.exitCode = checkRules(paths, options, (line) => process.stdout.write(`${line}\n`));
    });
  return new Command('rules')
    .description('hunting rules: those built in, and whether those of yours are right')
    .addHelpText('after', EXAMPLE)
    .addCommand(list)
    .addCommand(check);
}

function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'for people or for programs')
      .choices(['table', 'json'])
      .default('table'),
  );
}
