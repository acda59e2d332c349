import { hash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { readCatalogMembers } from '../../parsers/catalog/catalog-members.ts';
import { systemProblem } from '../inspect/file-error.ts';
import { malformedProblem } from '../inspect/file-facts.ts';
import type { Problem } from '../inspect/file-outcome.ts';
import { hostPaths, type PathView } from '../mounted/path-view.ts';
import { type CatalogIndex, type IndexedCatalog, RECORD_SIZE, recordKey } from './catalog-index.ts';

export interface CatalogIndexing {
  readonly index: CatalogIndex;
  /** Catalogs and folders that could not be read: files that only they sign will look unsigned. */
  readonly problems: readonly Problem[];
}

/** Bytes; real ones reach some 10 MB. */
const MAX_CATALOG = 64 * 1024 * 1024;
/** Digests in all, 144 MB of index. A Windows disk has about a million. */
const MAX_RECORDS = 4_000_000;
const MAX_FOLDER_DEPTH = 8;

/**
 * Indexes every `.cat` file below the folders, links left alone. A catalog counts here by its list alone: its signature is
 * verified when a file is found in it.
 */
export function buildCatalogIndex(
  folders: readonly string[],
  paths: PathView = hostPaths,
): CatalogIndexing {
  const builder = new IndexBuilder(paths);
  for (const folder of folders) builder.addFolder(folder, 0);
  return { index: builder.finish(), problems: builder.problems };
}

class IndexBuilder {
  readonly problems: Problem[] = [];
  readonly #paths: PathView;
  readonly #catalogs: IndexedCatalog[] = [];
  #records = Buffer.alloc(4096 * RECORD_SIZE);
  #count = 0;

  constructor(paths: PathView) {
    this.#paths = paths;
  }

  addFolder(folder: string, depth: number): void {
    for (const entry of this.#list(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_FOLDER_DEPTH) this.addFolder(file, depth + 1);
      else if (entry.isFile() && /\.cat$/i.test(entry.name)) this.#addCatalog(file);
    }
  }

  finish(): CatalogIndex {
    const order = Array.from({ length: this.#count }, (_, i) => i * RECORD_SIZE);
    const records = this.#records;
    order.sort((a, b) => records.compare(records, b, b + RECORD_SIZE, a, a + RECORD_SIZE));
    const shared = new SharedArrayBuffer(order.length * RECORD_SIZE);
    const sorted = Buffer.from(shared);
    order.forEach((at, i) => {
      records.copy(sorted, i * RECORD_SIZE, at, at + RECORD_SIZE);
    });
    return { catalogs: this.#catalogs, records: shared };
  }

  #list(folder: string): Dirent[] {
    try {
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      this.problems.push(systemProblem(folder, error));
      return [];
    }
  }

  /** All of its members or none: a list that breaks off is listed as a problem, not half believed. */
  #addCatalog(file: string): void {
    const countBefore = this.#count;
    try {
      const { size } = statSync(file);
      if (size > MAX_CATALOG) throw new ParseError('too-many', 0, `a catalog of ${size} bytes`);
      const bytes = readFileSync(file);
      for (const digest of readCatalogMembers(bytes)) this.#addRecord(digest);
      this.#catalogs.push({
        path: file,
        shownPath: this.#paths.show(file),
        sha256: hash('sha256', bytes),
      });
    } catch (error) {
      this.#count = countBefore;
      const problem =
        error instanceof ParseError ? malformedProblem(file, error) : systemProblem(file, error);
      this.problems.push(problem);
    }
  }

  #addRecord(digest: string): void {
    if (this.#count === MAX_RECORDS)
      throw new ParseError('too-many', 0, `more than ${MAX_RECORDS} digests in all catalogs`);
    const at = this.#count * RECORD_SIZE;
    if (at === this.#records.length)
      this.#records = Buffer.concat([this.#records, Buffer.alloc(at)]);
    recordKey(digest).copy(this.#records, at);
    this.#records.writeUInt32LE(this.#catalogs.length, at + RECORD_SIZE - 4);
    this.#count++;
  }
}
