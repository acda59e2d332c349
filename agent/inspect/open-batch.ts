import type { Known, KnownFiles } from '../state/known-files.ts';
import type { StateResult } from '../state/state-result.ts';
import type { FileKind, FileOutcome, Image, Problem } from './file-outcome.ts';
import type { LinkedPath } from './linked-files.ts';

/** What a batch came to. Files that are not images are only counted: most of a disk is text. */
export interface BatchResult {
  /** Paths that were looked at; those left out by a stop are not among them. */
  readonly files: number;
  readonly images: readonly Image[];
  readonly problems: readonly Problem[];
  readonly otherKinds: Readonly<Partial<Record<FileKind, number>>>;
  /** Paths that were left for later, since their files have other names as well; not among `files`. */
  readonly linked: readonly LinkedPath[];
  /** Images that were read under another of their names. */
  readonly hardLinks: number;
  /** undefined where nothing is kept between sweeps. */
  readonly state?: StateResult | undefined;
}

/** A batch in the making. */
export class OpenBatch {
  #files = 0;
  #hardLinks = 0;
  readonly #images: Image[] = [];
  readonly #problems: Problem[] = [];
  readonly #otherKinds: Partial<Record<FileKind, number>> = {};
  readonly #linked: LinkedPath[] = [];
  readonly #known: KnownFiles | undefined;

  constructor(known: KnownFiles | undefined) {
    this.#known = known;
    known?.beginBatch();
  }

  /** Whether `path` is as an earlier sweep left it. It is then counted; the records of an image come by way of the state. */
  addKnown(path: string): boolean {
    const known: Known | undefined = this.#known?.find(path);
    if (known === undefined) return false;
    if (known.kind === 'other') {
      this.#count(known.fileKind);
    } else {
      this.#files += 1;
      if (known.isFurtherName) this.#hardLinks += 1;
    }
    return true;
  }

  /** After addKnown() for the same path. */
  add(path: string, outcome: FileOutcome): void {
    this.#known?.remember(path, outcome);
    switch (outcome.kind) {
      case 'stopped':
        return;
      case 'linked':
        this.#linked.push({ path, id: outcome.id });
        return;
      case 'image':
        this.#files += 1;
        this.#images.push(outcome.image);
        if (outcome.isFurtherName) this.#hardLinks += 1;
        this.#problems.push(...outcome.problems);
        return;
      case 'problem':
        this.#files += 1;
        this.#problems.push(outcome.problem);
        return;
      case 'other':
        this.#count(outcome.fileKind);
        return;
    }
  }

  close(): BatchResult {
    return {
      files: this.#files,
      images: this.#images,
      problems: this.#problems,
      otherKinds: this.#otherKinds,
      linked: this.#linked,
      hardLinks: this.#hardLinks,
      state: this.#known?.endBatch(),
    };
  }

  #count(kind: FileKind): void {
    this.#files += 1;
    this.#otherKinds[kind] = (this.#otherKinds[kind] ?? 0) + 1;
  }
}
