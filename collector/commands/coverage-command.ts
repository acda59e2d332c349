import { Command, Option } from 'commander';
import { EXPORT_FORMATS } from '../../parsers/exports/export-row.ts';
import { TOKEN_VARIABLE } from '../live-export/query-token.ts';
import type { CoverageOptions } from './coverage.ts';

const MORE = `
The rules' recall is counted by device over the common window. Exit status: 0 done; 1 it is under --fail-under, or no window is
common; 2 could not run, or no row of an export could be read; 3 an export could not be read to its end, and what was read counts.

Examples:
  npm run -s collector -- coverage export.json --data ./data --fail-under 95
  npm run -s collector -- coverage --from-graph --query-token-file token --data ./data --window 7d
  npm run -s collector -- coverage portal.csv --data ./data --timezone Europe/Berlin --format html --out coverage.html
`;

/** `coverage`: option parsing only. */
export function coverageCommand(): Command {
  return new Command('coverage')
    .exitOverride()
    .description('hold exports of Sentinel or Defender against what agents saw')
    .argument('[export...]', 'exports of DeviceFileCertificateInfo, JSON or CSV: docs/coverage.md')
    .requiredOption('--data <folder>', 'where the collector keeps its database')
    .option('--from-graph', 'ask Microsoft Graph itself, for --window (default: 30d, the longest)')
    .option('--from-log-analytics <workspace>', 'ask the workspace with this id (default: 30d)')
    .option('--query-token-file <file>', `token to ask with (default: ${TOKEN_VARIABLE})`)
    .option('--graph-url <url>', "Graph's address in another cloud")
    .option('--log-analytics-url <url>', "Log Analytics' address in another cloud")
    .option('--timezone <zone>', 'of times that name none, as Europe/Berlin or +01:00')
    .addOption(new Option('--date-order <order>', 'of dates as 03/04/2026').choices(['dmy', 'mdy']))
    .addOption(
      new Option('--export-format <format>', 'instead of what the content says').choices(
        EXPORT_FORMATS,
      ),
    )
    .option('--device-map <csv>', 'pairs of DeviceIds: agent DeviceId,export DeviceId')
    .option('--window <time>', 'the exports were made for the last 5d, 12h or 90m before now()')
    .option('--from <iso>', 'the same from a date and time, both ends included; UTC unless it says')
    .option('--to <iso>', 'until then (default: now)')
    .option('--now <iso>', 'now(), as 2026-07-01T00:00:00Z')
    .option('--rules <rule...>', 'ids, tools, or rule files (default: all that are built in)')
    .addOption(
      new Option(
        '--format <format>',
        'json has all, csv a row a difference as it is: a spreadsheet may run what begins with =, html one page',
      )
        .choices(['table', 'json', 'csv', 'html'])
        .default('table'),
    )
    .option('--out <file>', 'write the report there, readable by you only (default: stdout)')
    .option('--fail-under <percent>', 'exit status 1 where rules find fewer of their devices')
    .option('--list-problems <file>', 'write each bad row there, one JSON object a line')
    .addHelpText('after', MORE)
    .action(async (files: string[], options: CoverageOptions) => {
      const { coverage } = await import('./coverage.ts');
      process.exitCode = await coverage(files, options);
    });
}
