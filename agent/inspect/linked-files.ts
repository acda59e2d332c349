import { fstatSync } from 'node:fs';
import path from 'node:path';
import type { FileOutcome } from './file-outcome.ts';

/** A name of a file that has several. */
export interface LinkedPath {
  readonly path: string;
  /** The same for all names of one file. */
  readonly id: string;
}

/** Names that are kept until their files are read; with more, those at hand are read first. 10 MB at most. */
const MOST_KEPT = 50_000;

/** Names of files with several, kept so that those of one file can be read together. */
export class LinkedFiles {
  readonly #paths = new Map<string, string[]>();
  #size = 0;

  get isFull(): boolean {
    return this.#size >= MOST_KEPT;
  }

  add(linked: readonly LinkedPath[]): void {
    for (const { path, id } of linked) {
      const paths = this.#paths.get(id);
      if (paths) paths.push(path);
      else this.#paths.set(id, [path]);
    }
    this.#size += linked.length;
  }

  /** Batches of at most `size` names; the names of one file follow one another, in one batch where they fit. Empties this. */
  *take(size: number): Generator<string[]> {
    const groups = [...this.#paths.values()];
    this.#paths.clear();
    this.#size = 0;
    let batch: string[] = [];
    for (const group of groups) {
      if (batch.length > 0 && batch.length + group.length > size) {
        yield batch;
        batch = [];
      }
      for (const path of group) {
        if (batch.push(path) < size) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}

/** What was found under the last name of a file with several: its next name costs no reading. */
export class LastLinked {
  #key = '';
  #outcome: FileOutcome | undefined;

  /** What is to be said of the file under this name; `inspect` reads it, unless it was the last one read. */
  outcomeOf(descriptor: number, name: string, inspect: () => FileOutcome): FileOutcome {
    const key = `${stateOf(descriptor)} ${path.extname(name).toLowerCase()}`; // a script goes by its extension
    const before = key === this.#key ? this.#outcome : undefined;
    if (before !== undefined) return underName(before, name);
    const outcome = inspect();
    this.#key = key;
    this.#outcome = outcome.kind === 'image' || outcome.kind === 'other' ? outcome : undefined;
    return outcome;
  }
}

/** undefined for a file of one name. */
export function linkIdOf(descriptor: number): string | undefined {
  const { nlink, dev, ino } = fstatSync(descriptor, { bigint: true }); // file ids of NTFS pass 2^53
  return nlink > 1n ? `${dev}:${ino}` : undefined;
}

function stateOf(descriptor: number): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(descriptor, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

function underName(outcome: FileOutcome, name: string): FileOutcome {
  if (outcome.kind !== 'image') return outcome;
  return {
    kind: 'image',
    image: { ...outcome.image, path: name },
    problems: outcome.problems.map((problem) => ({ ...problem, path: name })),
    isFurtherName: true,
  };
}
