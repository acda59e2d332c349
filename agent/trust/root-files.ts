import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { parseRootTrustList, type RootTrustList } from '../../parsers/x509/ctl.ts';
import { CERTIFICATE_LABELS, parsePem } from '../../parsers/x509/pem.ts';
import { effectiveRestriction } from '../../parsers/x509/required-roots.ts';
import {
  parseRootRestrictions,
  type RootRestriction,
} from '../../parsers/x509/root-restrictions.ts';
import type { CertificateUsage } from '../../parsers/x509/trust-anchors.ts';
import { CommandError } from '../exit-status.ts';
import { listInputs, parseInput, readInput, statIfThere } from './read-input.ts';
import { ALL_USAGES, type RootBundle, RootCollection } from './root-bundle.ts';

/** What was in the files. */
export interface RootFiles extends RootBundle {
  /** ISO 8601: of the newest file, or of the trust list where there is one. */
  readonly date: string;
  /** Set where an authroot.stl was among them. */
  readonly list: ListFacts | undefined;
}

export interface ListFacts {
  /** Roots that the list names, those of them that were not given, and those given that it does not name: left out. */
  readonly named: number;
  readonly missing: number;
  readonly unnamed: number;
}

/** Bytes. Bundles have 0.5 MB, the list 0.2 MB. */
const MAX_FILE_SIZE = 16 * 1024 * 1024;
const ROOT_FILE = /\.(pem|crt|cer|der|stl)$/i;
const RESTRICTIONS = 'root-restrictions.json';
const DER_SEQUENCE = 0x30;

/** The files of the .NET SDK. Any other serves both purposes. */
const usagesByName: Readonly<Record<string, readonly CertificateUsage[]>> = {
  'codesignctl.pem': ['code_signing'],
  'timestampctl.pem': ['time_stamping'],
};

/**
 * Reads trusted roots from files and folders: PEM bundles, single certificates, authroot.stl, and in each folder concerned
 * root-restrictions.json. A folder's subfolders are not entered.
 *
 * With an authroot.stl that list decides: certificates that it does not name are left out. Throws CommandError, which names
 * the file, for anything that is no root: half a set of roots would judge wrongly.
 */
export function readRootFiles(places: readonly string[]): RootFiles {
  const collection = new RootCollection();
  const restrictions = new Map<string, RootRestriction>();
  const folders = new Set<string>();
  let list: RootTrustList | undefined;
  let newestMs = 0;
  for (const file of places.flatMap(rootFilesAt)) {
    folders.add(path.dirname(file));
    newestMs = Math.max(newestMs, statSync(file).mtimeMs);
    const content = readRootFile(file);
    if (content.list && list) throw new CommandError(`${file}: a second trust list`);
    list ??= content.list;
    const usages = usagesByName[path.basename(file)] ?? ALL_USAGES;
    const { certificates } = content;
    for (const [index, root] of certificates.entries()) {
      const place = certificates.length > 1 ? `${file}, certificate ${index + 1}` : file;
      parseInput(place, () => collection.add(root, usages));
    }
  }
  for (const folder of folders)
    for (const [key, value] of restrictionsIn(folder)) restrictions.set(key, value);
  if (list !== undefined) return listedRoots(list, collection, restrictions);
  if (collection.thumbprints().size === 0) throw new CommandError('no trusted root was given');
  const date = new Date(newestMs).toISOString();
  return { roots: collection.roots(), restrictions, date, list: undefined };
}

/** Those that the list names, with its limits. */
function listedRoots(
  { roots: listed, thisUpdate }: RootTrustList,
  collection: RootCollection,
  restrictions: Map<string, RootRestriction>,
): RootFiles {
  const named = listed.size;
  const roots = collection.roots(listed);
  if (roots.length === 0)
    throw new CommandError(
      `none of the ${named} roots that the trust list names was given: put its .crt files beside it`,
    );
  for (const { encoded } of roots) {
    const thumbprint = hash('sha1', encoded);
    const root = parseInput(`certificate ${thumbprint}`, () => new Certificate(encoded));
    const limit = effectiveRestriction(root, listed.get(thumbprint) ?? {});
    if (Object.keys(limit).length > 0) restrictions.set(thumbprint, limit);
  }
  const unnamed = collection.thumbprints().size - roots.length;
  const facts = { named, missing: named - roots.length, unnamed };
  return { roots, restrictions, date: thisUpdate, list: facts };
}

function rootFilesAt(place: string): string[] {
  const files = listInputs(place, ROOT_FILE);
  if (files.length > 0) return files;
  throw new CommandError(`${place}: no .pem, .crt, .cer, .der or .stl file in it`);
}

interface RootFileContent {
  readonly certificates: readonly Uint8Array[];
  readonly list?: RootTrustList;
}

/** PEM or DER by content: many a .crt is PEM. */
function readRootFile(file: string): RootFileContent {
  const bytes = readInput(file, MAX_FILE_SIZE);
  return parseInput(file, () => {
    if (bytes[0] === DER_SEQUENCE && /\.stl$/i.test(file))
      return { certificates: [], list: parseRootTrustList(bytes) };
    const certificates =
      bytes[0] === DER_SEQUENCE
        ? [bytes]
        : parsePem(Buffer.from(bytes).toString('latin1'), CERTIFICATE_LABELS);
    if (certificates.length === 0)
      throw new CommandError(`${file}: ${bytes.length === 0 ? 'empty' : 'no certificate in it'}`);
    return { certificates };
  });
}

function restrictionsIn(folder: string): ReadonlyMap<string, RootRestriction> {
  const file = path.join(folder, RESTRICTIONS);
  if (!statIfThere(file)?.isFile()) return new Map();
  const text = Buffer.from(readInput(file, MAX_FILE_SIZE)).toString('utf8');
  return parseInput(file, () => parseRootRestrictions(text));
}
