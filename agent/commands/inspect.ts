import { realpathSync, statSync } from 'node:fs';
import { CatalogSearch } from '../catalogs/catalog-search.ts';
import { loadCatalogs } from '../catalogs/load-catalogs.ts';
import { CommandError } from '../exit-status.ts';
import type { FileKind, FileOutcome } from '../inspect/file-outcome.ts';
import { inspectFile } from '../inspect/inspect-file.ts';
import { inspectText } from '../report/inspect-text.ts';
import { loadTrust, type TrustOptions, verificationContext } from '../trust/trust-material.ts';
import { inspectReport } from './inspect-report.ts';

/** The options of `inspect` as commander gives them. */
export interface InspectCommandOptions extends TrustOptions {
  readonly file: string;
  readonly format: 'text' | 'json';
  readonly catalogs?: readonly string[];
}

/** Reads one file to its end and returns what is to be printed. Throws CommandError where that cannot be. */
export async function inspect(options: InspectCommandOptions): Promise<string> {
  const file = regularFile(options.file);
  const trust = await loadTrust(options);
  const context = verificationContext(trust);
  const catalogs = loadCatalogs(options.catalogs);
  const outcome = inspectFile(file, {
    maxFileSize: Number.MAX_SAFE_INTEGER,
    stopped: () => false,
    context,
    catalogs: catalogs && new CatalogSearch(catalogs.index, context),
    unsignedToo: true,
  });
  if (outcome.kind !== 'image') throw new CommandError(`${options.file}: ${reasonOf(outcome)}`);
  const report = inspectReport(outcome.image, outcome.problems, trust);
  return options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : inspectText(report);
}

/** Absolute and without links: inspectFile follows none. */
function regularFile(given: string): string {
  try {
    const file = realpathSync(given);
    if (statSync(file).isFile()) return file;
  } catch (error) {
    throw new CommandError(`cannot read ${given}: ${(error as NodeJS.ErrnoException).code}`);
  }
  throw new CommandError(`${given} is no file; for folders there is \`certsweep scan\``);
}

const otherKinds: Readonly<Partial<Record<FileKind, string>>> = {
  mz: 'a DOS program: it begins like a PE file but has no PE header',
  compound: 'a compound file (an old Office document?), but no installer',
  zip: 'a ZIP archive, but no APPX or MSIX package',
  pkcs7: 'a PKCS#7, but no security catalog',
  archive: 'an archive or compressed file',
  'disk-image': 'a disk image: mount it, and scan what is in it',
  elf: 'an ELF file',
  empty: 'empty',
};

function reasonOf(outcome: Exclude<FileOutcome, { kind: 'image' }>): string {
  switch (outcome.kind) {
    case 'problem':
      return `cannot be read (${outcome.problem.reason}): ${outcome.problem.detail}`;
    case 'other': {
      const what = otherKinds[outcome.fileKind] ?? 'of no known kind';
      return `${what}. PE files, MSI, CAB, catalogs, APPX/MSIX and scripts can be inspected`;
    }
    case 'linked': // not without being asked to defer them
    case 'stopped':
      return 'stopped';
  }
}
