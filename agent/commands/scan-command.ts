import { Command, InvalidArgumentError, Option } from 'commander';
import { reportFormats } from '../report/report-formats.ts';
import { deviceId } from './option-values.ts';
import type { ScanOptions } from './scan.ts';

const MOST_THREADS = 64;

const EXAMPLE = `
Examples:
  certsweep scan / --format ndjson --out sweep.ndjson --errors errors.ndjson
  certsweep scan --image-root /mnt/c --device-name PC7 'C:\\Users' --format html --out pc7.html

Not entered by default: virtual file systems (/proc, /sys, ...) and network file systems, unless PATH itself is
on one. Not opened: files whose content is with a cloud service. All are counted, and --errors lists them.

Exit status: 0 complete and nothing flagged, 1 something flagged or a look-alike (it says it is the
tool of a rule, but is not signed so), 2 could not run, 3 nothing flagged but not all could be read, 130 interrupted (what was found is written).
`;

/** `scan PATH...`: option parsing only. The work is in scan(). */
export function scanCommand(): Command {
  return new Command('scan')
    .description(
      'read the signatures of PE files, installers, packages, catalogs and scripts, and flag those that rules name',
    )
    .argument(
      '[path...]',
      'files and directories; with --image-root also as C:\\Users (default there: all)',
    )
    .addOption(
      new Option('--format <format>', 'html is one page for people who were not there')
        .choices(reportFormats)
        .default('table'),
    )
    .option(
      '--out <file>',
      'write there instead of standard output; ndjson and csv add FILE.sweep.json',
      '-',
    )
    .option('--errors <file>', 'list what was not read, or malformed, as NDJSON')
    .option('--include <glob>', 'only files that match (repeatable)', collect)
    .option('--exclude <glob>', 'neither files nor directories that match (repeatable)', collect)
    .option('--one-file-system', 'do not enter other file systems')
    .option('--follow-links', 'enter what links and junctions lead to; recorded by its own path')
    .option('--network', 'enter network file systems')
    .option(
      '--no-default-excludes',
      'enter virtual and network file systems too, and fetch cloud-only files',
    )
    .option(
      '--max-file-size <bytes>',
      'list larger images unread (default: none is too large)',
      positiveInteger,
    )
    .option(
      '--changed-only',
      'with --state: records of new and changed files, of flagged ones, and of the rest every 4 days',
    )
    .option(
      '--threads <n>',
      'worker threads (default: one, and up to four where there is enough to read)',
      threadCount,
    )
    .option('--background', 'give way to everything else on the machine')
    .option('--cpu-limit <percent>', 'share of one core that each thread may take', percent)
    .option('--io-limit <mb>', 'megabytes a second to read at most', positiveInteger)
    .option('--no-unsigned', 'leave out files without any signature')
    .option('--roots <path>', 'trusted roots: PEM file or folder (repeatable)', collect)
    .option('--store <dir>', 'folder of the roots that `roots import` has placed')
    .option(
      '--rules <path>',
      'rules besides the built-in ones: YAML file or folder (repeatable); see `rules check`',
      collect,
    )
    .option('--crl <path>', 'certificate revocation lists: file or folder (repeatable)', collect)
    .option('--distrust <file>', 'thumbprints of certificates not to trust, one a line')
    .option(
      '--catalogs <dir>',
      'folder of security catalogs that sign files without a signature of their own (repeatable)',
      collect,
    )
    .option('--strict', 'bytes stuffed into a signature make it untrusted (EnableCertPaddingCheck)')
    .option('--collector <url>', 'send the records to a certsweep-collector')
    .option('--token-file <file>', 'file that holds the bearer token for the collector')
    .option('--live', 'say of flagged files which processes run them and what starts them')
    .option('--ca <file>', "PEM certificates to trust for TLS besides the system's")
    .option(
      '--state <dir>',
      'keep there what was found, so that unchanged files are not opened again, and records not yet sent',
    )
    .option(
      '--image-root <dir>',
      'where a volume of another machine is mounted: paths, id and roots are its own',
    )
    .option('--image-drive <letter>', 'of that volume (default: C)', driveLetter)
    .option(
      '--device-id <hex>',
      '40 hex digits; by default from the machine id, or the image',
      deviceId,
    )
    .option('--device-name <name>', 'by default the full host name; required with --image-root')
    .option('--machine-group <tag>', 'a tag of yours for the MachineGroup column')
    .addOption(
      new Option('--fail-on <what>', 'never: exit 0 also when flagged or incomplete')
        .choices(['never', 'flagged'])
        .default('flagged'),
    )
    .option('--quiet', 'nothing on standard error but errors')
    .addHelpText('after', EXAMPLE)
    .action(async (paths: string[], options: Omit<ScanOptions, 'paths'>) => {
      const { scan } = await import('./scan.ts');
      process.exitCode = await scan({ ...options, paths });
    });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value === 0 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('a whole number above 0 is wanted.');
  return value;
}

function percent(text: string): number {
  const value = positiveInteger(text);
  if (value > 100) throw new InvalidArgumentError('at most 100.');
  return value;
}

function threadCount(text: string): number {
  const value = positiveInteger(text);
  if (value > MOST_THREADS) throw new InvalidArgumentError(`at most ${MOST_THREADS}.`);
  return value;
}

function driveLetter(text: string): string {
  const letter = /^([A-Za-z]):?\\?$/.exec(text)?.[1];
  if (letter === undefined) throw new InvalidArgumentError('one letter is wanted.');
  return letter.toUpperCase();
}
