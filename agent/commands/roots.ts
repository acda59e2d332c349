import { hash } from 'node:crypto';
import { printable } from '../../parsers/record/printable.ts';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { CommandError } from '../exit-status.ts';
import { parseInput } from '../trust/read-input.ts';
import { countLimited, countRoots, type RootSource } from '../trust/root-bundle.ts';
import { readRootFiles } from '../trust/root-files.ts';
import { type RootOptions, rootSources } from '../trust/root-sources.ts';
import { rootStoreFolder, writeRootStore } from '../trust/root-store.ts';

export interface RootsListOptions extends RootOptions {
  readonly format: 'table' | 'json';
}

/** Reads and keeps the roots at `paths`; returns what is to be printed. Throws CommandError and keeps nothing if one is bad. */
export function importRoots(paths: readonly string[], store: string | undefined): string {
  const files = readRootFiles(paths);
  for (const { encoded } of files.roots)
    parseInput(`certificate ${hash('sha1', encoded)}`, () => new Certificate(encoded));
  const folder = rootStoreFolder(store);
  if (folder === undefined)
    throw new CommandError('this user has no home folder: name one for the roots with --store DIR');
  const written = writeRootStore(folder, files, paths);
  const lines = [
    `${files.roots.length} roots of ${files.date}, ${countLimited(files)} with limits`,
    `  code signing   ${countRoots(files, 'code_signing')}`,
    `  time stamping  ${countRoots(files, 'time_stamping')}`,
  ];
  if (files.list) {
    const { named, missing, unnamed } = files.list;
    lines.push(`  trust list     names ${named}, ${missing} of them not given`);
    if (unnamed > 0)
      lines.push(`  left out       ${unnamed} certificates that the list does not name`);
  }
  return `${[...lines, `Kept in ${printable(written)}`].join('\n')}\n`;
}

/** Every source at hand, the one that judges first. */
export async function listRoots(options: RootsListOptions): Promise<string> {
  const sources: RootSource[] = [];
  for await (const source of rootSources(options)) sources.push(source);
  const rows = sources.map((source, index) => ({
    source: source.source,
    path: source.path,
    date: source.date,
    codeSigning: countRoots(source, 'code_signing'),
    timeStamping: countRoots(source, 'time_stamping'),
    restrictions: countLimited(source),
    judges: index === 0 && source.judges,
  }));
  if (options.format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const lines = rows.flatMap((row) => [
    `${row.judges ? '*' : ' '} ${printable(row.source)}`,
    `    ${row.codeSigning} for code signing, ${row.timeStamping} for time stamping, ${row.restrictions} with limits`,
    `    ${printable(row.path)}${row.date === null ? '' : `, of ${row.date}`}`,
  ]);
  const remark = rows.some(({ judges }) => judges)
    ? '* judges'
    : 'None of these judges: they lack most of the roots that code is signed under. See `certsweep roots import --help`.';
  return `${[...lines, remark].join('\n')}\n`;
}
