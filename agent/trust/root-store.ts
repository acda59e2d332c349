import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { formatRootRestrictions } from '../../parsers/x509/restrictions-json.ts';
import { parseRootRestrictions } from '../../parsers/x509/root-restrictions.ts';
import type { CertificateUsage } from '../../parsers/x509/trust-anchors.ts';
import { CommandError } from '../exit-status.ts';
import { homeFolder } from '../home-folder.ts';
import { writeProblem } from '../write-problem.ts';
import { parseInput, readInput, statIfThere } from './read-input.ts';
import {
  type RootBundle,
  RootCollection,
  type RootSource,
  type TrustedRoot,
} from './root-bundle.ts';

/** Everything in one file, so that it is replaced whole or not at all. */
const STORE_FILE = 'roots.json';
const MAX_SIZE = 64 * 1024 * 1024;
/** Who may write beyond the owner. */
const OTHERS_WRITE = 0o022;

/** What `roots import` writes. */
interface StoredRoots {
  readonly format: 'certsweep roots 1';
  /** ISO 8601. */
  readonly imported: string;
  /** The paths that were given, and the date of what was in them. */
  readonly from: readonly string[];
  readonly date: string;
  readonly roots: readonly { readonly usages: readonly CertificateUsage[]; readonly der: string }[];
  /** As in root-restrictions.json. */
  readonly restrictions: unknown;
}

export interface StoredBundle extends RootBundle {
  readonly date: string;
}

/**
 * Of the user, where `--store` names no other; undefined for a user without a home. Source: XDG Base Directory
 * Specification; Windows known folders.
 */
export function rootStoreFolder(
  given: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (given !== undefined) return path.resolve(given);
  const { LOCALAPPDATA, XDG_DATA_HOME } = environment;
  const isWindows = process.platform === 'win32';
  const data = isWindows ? LOCALAPPDATA : XDG_DATA_HOME;
  // Relative paths in it are to be ignored.
  if (data !== undefined && path.isAbsolute(data)) return path.join(data, 'certsweep');
  const home = homeFolder();
  return home && path.join(home, isWindows ? 'AppData/Local' : '.local/share', 'certsweep');
}

/** Replaces what was imported before. Only the owner can read or write it. Returns the file. */
export function writeRootStore(
  folder: string,
  bundle: StoredBundle,
  from: readonly string[],
): string {
  const stored: StoredRoots = {
    format: 'certsweep roots 1',
    imported: new Date().toISOString(),
    from,
    date: bundle.date,
    roots: bundle.roots.map(({ encoded, usages }) => ({
      usages,
      der: Buffer.from(encoded).toString('base64'),
    })),
    restrictions: JSON.parse(formatRootRestrictions(bundle.restrictions)),
  };
  const file = path.join(folder, STORE_FILE);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      const bytes = Buffer.from(`${JSON.stringify(stored)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CommandError(`cannot write ${file}: ${writeProblem(error)}`);
  }
  return file;
}

/** What was imported; undefined where nothing was. A file that others can write is refused (POSIX): they could add a root. */
export function readRootStore(folder: string): RootSource | undefined {
  const file = path.join(folder, STORE_FILE);
  const stats = statIfThere(file);
  if (stats === undefined) return undefined;
  if (process.platform !== 'win32' && (stats.mode & OTHERS_WRITE) !== 0)
    throw new CommandError(`${file} can be written by others: chmod 600 ${file}`);
  const text = Buffer.from(readInput(file, MAX_SIZE)).toString('utf8');
  return parseInput(file, () => {
    const { format, date, roots, restrictions } = parseStored(text);
    if (format !== 'certsweep roots 1' || !Array.isArray(roots) || typeof date !== 'string')
      throw new ParseError('bad-value', 0, 'not written by `certsweep roots import`');
    return {
      source: 'imported',
      path: file,
      date,
      judges: true,
      roots: toRoots(roots),
      restrictions: parseRootRestrictions(JSON.stringify(restrictions)),
    };
  });
}

function parseStored(text: string): Partial<StoredRoots> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ParseError('bad-value', 0, error.message);
  }
}

function toRoots(stored: StoredRoots['roots']): TrustedRoot[] {
  const collection = new RootCollection();
  for (const { usages, der } of stored) {
    if (!Array.isArray(usages) || typeof der !== 'string')
      throw new ParseError('bad-value', 0, 'a root without usages or certificate');
    collection.add(new Uint8Array(Buffer.from(der, 'base64')), usages);
  }
  return collection.roots();
}
