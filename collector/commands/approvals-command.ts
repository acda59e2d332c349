import { Command, Option } from 'commander';
import type { ApprovalFormat, ReportOptions } from './approvals.ts';

const EXAMPLE = `
Examples:
  certsweep-collector approvals check approvals.yaml
  certsweep-collector approvals apply approvals.yaml --data ./data --dry-run
`;

interface DataOption {
  readonly data: string;
}

/** `approvals ...`: option parsing only. */
export function approvalsCommand(): Command {
  return new Command('approvals')
    .exitOverride()
    .description('which use of a tool is legitimate: check, apply, list and withdraw approvals')
    .addHelpText('after', EXAMPLE)
    .addCommand(checkCommand())
    .addCommand(applyCommand())
    .addCommand(listCommand())
    .addCommand(withdrawCommand())
    .addCommand(historyCommand())
    .addCommand(reportCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .exitOverride()
    .description('read a file of approvals and say what is wrong with it, by line')
    .argument('<file>', 'YAML: docs/approvals.md has an example')
    .addHelpText('after', '\nExit status: 0 no errors, 1 errors, 2 could not run.')
    .addHelpText('after', example('check approvals.yaml'))
    .action(async (file: string) => {
      const { checkApprovals } = await import('./approvals.ts');
      process.exitCode = await checkApprovals(file);
    });
}

function applyCommand(): Command {
  return withData('apply')
    .description('approve what a file says; approvals that it does not name stay as they are')
    .argument('<file>', 'YAML: docs/approvals.md has an example')
    .option('--dry-run', 'only print what would change')
    .addHelpText('after', example('apply approvals.yaml --data ./data'))
    .action(async (file: string, options: DataOption & { readonly dryRun?: boolean }) => {
      const { applyApprovals } = await import('./approvals.ts');
      await applyApprovals(file, options);
    });
}

function listCommand(): Command {
  return withFormat(withData('list'))
    .description('the last version of each approval, withdrawn and expired ones too')
    .addHelpText('after', example('list --data ./data --format json'))
    .action(async (options: DataOption & ApprovalFormat) => {
      const { listApprovals } = await import('./approvals.ts');
      listApprovals(options);
    });
}

function withdrawCommand(): Command {
  return withData('withdraw')
    .description('end an approval; its versions stay')
    .argument('<id>', 'of the approval')
    .addHelpText('after', example('withdraw helpdesk-support --data ./data'))
    .action(async (id: string, options: DataOption) => {
      const { withdrawApproval } = await import('./approvals.ts');
      withdrawApproval(id, options);
    });
}

function historyCommand(): Command {
  return withFormat(withData('history'))
    .description('every version of an approval: what it said, who made it and when')
    .argument('<id>', 'of the approval')
    .addHelpText('after', example('history helpdesk-support --data ./data'))
    .action(async (id: string, options: DataOption & ApprovalFormat) => {
      const { showHistory } = await import('./approvals.ts');
      showHistory(id, options);
    });
}

function reportCommand(): Command {
  return withFormat(withData('report'))
    .description('approvals that are expired, expire soon, or approve nothing that was seen')
    .option('--unused <time>', 'no finding in so long is unused, as 30d', '30d')
    .option('--expiring <time>', 'an end within so long is soon, as 30d', '30d')
    .option('--rule <file>', 'a rule of yours to look with, too (repeatable)', append)
    .addHelpText('after', example('report --data ./data --unused 60d'))
    .action(async (options: ReportOptions) => {
      const { reportApprovals } = await import('./approvals-report.ts');
      await reportApprovals(options);
    });
}

function withData(name: string): Command {
  return new Command(name)
    .exitOverride()
    .requiredOption('--data <folder>', 'where the collector keeps its database');
}

function withFormat(command: Command): Command {
  const format = new Option('--format <format>', 'for people or for programs')
    .choices(['table', 'json', 'csv'])
    .default('table');
  return command.addOption(format);
}

function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function example(line: string): string {
  return `\nExample:\n  npm run -s collector -- approvals ${line}\n`;
}
