import { Command, CommanderError, Option } from 'commander';
import { printableLines } from '../parsers/record/printable.ts';
import { approvalsCommand } from './commands/approvals-command.ts';
import { coverageCommand } from './commands/coverage-command.ts';
import { rulesCommand } from './commands/rules-command.ts';
import { EXIT_FAILED } from './exit-status.ts';
import { SILENT_AFTER_DAYS } from './health/silence.ts';
import { StoreError } from './store/store-error.ts';
import { UsageError } from './usage-error.ts';
import { versionLine } from './version.ts';

/** `certsweep-collector`: option parsing only. Each command is loaded when it is asked for. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED); // `| head` has read enough
  });
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

function program(): Command {
  const collector = new Command('certsweep-collector')
    .description('Receives what certsweep agents saw, keeps it, and answers hunting queries.')
    .addHelpText(
      'after',
      '\nExample:\n  certsweep-collector serve --data ./data --listen 127.0.0.1:8400\n',
    )
    .option('-V, --version', 'print version and commit')
    .on('option:version', () => {
      process.stdout.write(`${versionLine()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .exitOverride();

  subcommand(collector, 'serve', 'receive records over HTTP and answer queries')
    .option(
      '--listen <host:port>',
      'port 0 takes a free one; beyond loopback TLS is needed, and tokens are required',
      '127.0.0.1:8400',
    )
    .option('--require-tokens', 'serve nobody without a token made by enroll')
    .option('--tls-cert <file>', 'certificate in PEM, then those above it; read again on SIGHUP')
    .option('--tls-key <file>', 'its private key in PEM, readable by its owner only')
    .option('--tls-self-signed', 'make certificate and key in the data folder, and renew them')
    .option('--tls-name <name>', 'a DNS name or address in that certificate (repeatable)', append)
    .option(
      '--trusted-proxy <address>',
      'of a reverse proxy in front: its X-Forwarded-For is believed, and tokens are required (repeatable)',
      append,
    )
    .option(
      '--retain <age>',
      'remove rows that are older, as 30d (default: keep all); sightings stay',
    )
    .option('--hunt-every <time>', 'run hunting rules over what has come since, as 15m or 1h')
    .option(
      '--hunt-rules <rule...>',
      'which: all, ids, tools, or rule files in YAML (default: all that are built in)',
    )
    .option('--notify <file>', 'whom to tell of new findings: docs/scheduled-hunts.md; mode 600')
    .addOption(
      new Option('--log-level <level>', 'of the log on standard error; debug has a line a request')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .addHelpText(
      'after',
      `${example('serve --data ./data')}\n  npm run -s collector -- serve --data ./data --hunt-every 15m --notify ./notify.yaml`,
    )
    .action(async (options) => {
      const { serve } = await import('./commands/serve.ts');
      await serve(options);
    });

  subcommand(collector, 'enroll', 'make, list and end the tokens that devices and readers need')
    .option('--device-id <hex>', "print a token for this device's rows")
    .option('--device-name <name>', 'its name in --list')
    .option('--key', 'print an enrolment key, with which agents fetch their own tokens')
    .option('--uses <count>', 'devices that the key enrols (default: 1)')
    .option(
      '--valid <time>',
      'how long the token is good, as 30m, 12h or 7d (default: 1h for a key, else until revoked)',
    )
    .option('--replace', 'also for devices that have a token, which ends then')
    .option('--reader <name>', 'print a token that may query')
    .option('--operator <name>', 'print a token that may query, and list and end tokens')
    .option('--list', 'list all tokens, without their secrets')
    .option('--rotate <id>', 'print a token in the place of one, which ends after --overlap')
    .option('--overlap <time>', 'how long both are good, as 30m, 12h or 7d (default: 1h)')
    .option('--revoke <id>', 'end a token')
    .addHelpText('after', example('enroll --data ./data --key --uses 20 --valid 12h'))
    .action(async (options) => {
      const { enroll } = await import('./commands/enroll.ts');
      enroll(options);
    });

  subcommand(collector, 'audit', 'list who read, enrolled, changed tokens or was refused')
    .option('--since <time>', 'how far back, as 30m, 12h or 7d', '1d')
    .addOption(
      new Option('--format <format>', 'json is an array of events')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addHelpText('after', example('audit --data ./data --since 7d'))
    .action(async (options) => {
      const { audit } = await import('./commands/audit.ts');
      await audit(options);
    });

  subcommand(collector, 'import', 'store records that `certsweep scan --out` wrote')
    .argument('<file...>', 'NDJSON files; FILE.sweep.json beside one says whether it is complete')
    .addHelpText('after', example('import records.ndjson --data ./data'))
    .action(async (files, options) => {
      const { importFiles } = await import('./commands/import.ts');
      process.exitCode = await importFiles(files, options);
    });

  subcommand(collector, 'backup', 'copy records, tokens, approvals, TLS keys; serve may run')
    .requiredOption('--out <folder>', 'a new folder: the copy, which serve --data takes as it is')
    .addHelpText('after', example('backup --data ./data --out ./backup-monday'))
    .action(async (options) => {
      const { backup } = await import('./commands/backup.ts');
      await backup(options);
    });

  printing(subcommand(collector, 'hunt', 'run a hunting rule and list the devices that it finds'))
    .argument('[rule]', 'id, part of the name, or path of a rule file', 'TightVNC')
    .option('--window <time>', "the last 5d, 12h or 90m before now() instead of the rule's own")
    .option('--from <iso>', 'the same from a date and time, both ends included; UTC unless it says')
    .option('--to <iso>', 'until then (default: now)')
    .option('--evidence <device>', 'DeviceId or name: print the files behind its ReportIds instead')
    .addHelpText('after', example('hunt TightVNC --data ./data --window 30d --evidence PC7'))
    .action(async (rule, options) => {
      const { hunt } = await import('./commands/hunt.ts');
      await hunt(rule, options);
    });

  addHunts(collector);
  collector.addCommand(coverageCommand());

  printing(subcommand(collector, 'query', 'run a KQL query'))
    .argument('[kql]', 'the query text')
    .option('--file <file>', 'read the query from a file: KQL, or a rule in YAML')
    .addHelpText('after', example("query 'AgentSweepInfo | take 5' --data ./data"))
    .action(async (kql, options) => {
      const { query } = await import('./commands/query.ts');
      await query(kql, options);
    });

  subcommand(collector, 'doctor', 'check a data folder: files, database, disk, tokens, clocks')
    .option('--tls-cert <file>', 'the certificate that serve is given, where it is')
    .option('--tls-key <file>', 'its private key')
    .addOption(
      new Option('--format <format>', 'json is an array of findings')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addHelpText('after', '\nThe exit status is 1 where a check has failed.')
    .addHelpText('after', example('doctor --data ./data'))
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts');
      process.exitCode = await doctor(options);
    });

  printing(subcommand(collector, 'devices', 'list the devices, and which of them to look at'))
    .option(
      '--silent-after <time>',
      'no contact for so long is silence, as 12h or 7d',
      `${SILENT_AFTER_DAYS}d`,
    )
    .addHelpText('after', example('devices --data ./data --silent-after 5d'))
    .action(async (options) => {
      const { devices } = await import('./commands/devices.ts');
      await devices(options);
    });

  collector.addCommand(rulesCommand());
  collector.addCommand(approvalsCommand());

  collector
    .command('licenses')
    .description('print the licences of Node.js and of the other software in this program')
    .addHelpText('after', '\nExample:\n  certsweep-collector licenses > licenses.txt\n')
    .action(async () => {
      const { readLicenses } = await import('./assets.ts');
      process.stdout.write(readLicenses());
    });
  return collector;
}

/** What `serve --hunt-every` does, seen and moved from beside it. */
function addHunts(collector: Command): void {
  const hunts = collector.command('hunts').description('the hunts that serve runs on a schedule');
  const format = (...formats: string[]) =>
    new Option('--format <format>', 'json has every field').choices(formats).default('table');
  subcommand(hunts, 'list', 'when they run, what the last run did, and what waits to be told')
    .addOption(format('table', 'json'))
    .addHelpText('after', example('hunts list --data ./data'))
    .action(async (options) => {
      const { huntsList } = await import('./commands/hunts.ts');
      huntsList(options);
    });
  subcommand(hunts, 'show', 'list the findings that they have kept')
    .addOption(
      new Option('--state <state>', 'of the findings')
        .choices(['unapproved', 'approved', 'all'])
        .default('all'),
    )
    .addOption(format('table', 'json', 'csv'))
    .addHelpText('after', example('hunts show --data ./data --state unapproved'))
    .action(async (options) => {
      const { huntsShow } = await import('./commands/hunts.ts');
      huntsShow(options);
    });
  subcommand(hunts, 'run', 'run them now, and wait for the end')
    .addHelpText('after', example('hunts run --data ./data'))
    .action(async (options) => {
      const { huntsRun } = await import('./commands/hunts.ts');
      await huntsRun(options);
    });
  subcommand(hunts, 'retry', 'send again what a channel has refused, and now what waits')
    .addHelpText('after', example('hunts retry --data ./data'))
    .action(async (options) => {
      const { huntsRetry } = await import('./commands/hunts.ts');
      huntsRetry(options);
    });
}

function subcommand(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .requiredOption('--data <folder>', 'where the collector keeps its database');
}

function printing(command: Command): Command {
  const format = new Option(
    '--format <format>',
    'csv is RFC 4180 and changes no value: a spreadsheet may run cells that begin with =',
  )
    .choices(['table', 'json', 'csv'])
    .default('table');
  return command
    .addOption(format)
    .option('--now <iso>', "the query's now(), as 2026-07-01T00:00:00Z");
}

function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function example(line: string): string {
  return `\nExample:\n  npm run -s collector -- ${line}`;
}

/** Prints the sentence for an error and gives the exit status. Commander has printed its own. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_FAILED;
  const expected = error instanceof UsageError || error instanceof StoreError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`certsweep-collector: ${printableLines(text ?? '')}\n`);
  return EXIT_FAILED;
}
