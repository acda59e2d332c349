import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { isFlagged } from '../sweep-tally.ts';

/** Distinct names that are counted one by one; what is signed by further ones is counted together. */
const MOST_SIGNERS = 10_000;
/** Characters of a name that tell it from others. */
const MOST_NAME = 300;

export interface SignerCount {
  readonly name: string;
  trusted: number;
  notTrusted: number;
  notJudged: number;
  isFlagged: boolean;
}

/** Signatures by the name of their signer, in memory that does not grow with the sweep. */
export class SignerCounts {
  /** Signatures of names that came after the first 10,000. */
  others = 0;
  readonly #byName = new Map<string, SignerCount>();

  add(record: FileCertificateRecord): void {
    if (!record.IsSigned) return;
    const count = this.#countOf(shortened(record.Signer ?? ''));
    if (count === undefined) {
      this.others += 1;
      return;
    }
    if (record.IsTrusted === null) count.notJudged += 1;
    else if (record.IsTrusted) count.trusted += 1;
    else count.notTrusted += 1;
    if (isFlagged(record)) count.isFlagged = true;
  }

  get distinct(): number {
    return this.#byName.size;
  }

  /** The most frequent first. */
  top(limit: number): SignerCount[] {
    return [...this.#byName.values()]
      .sort((a, b) => total(b) - total(a) || (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  #countOf(name: string): SignerCount | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined || this.#byName.size >= MOST_SIGNERS) return known;
    const count = { name, trusted: 0, notTrusted: 0, notJudged: 0, isFlagged: false };
    this.#byName.set(name, count);
    return count;
  }
}

/** A copy: a slice would keep the whole name in memory, and whoever made a certificate may have given it a megabyte. */
function shortened(name: string): string {
  return name.length <= MOST_NAME ? name : [...name.slice(0, MOST_NAME)].join('');
}

export function total({ trusted, notTrusted, notJudged }: SignerCount): number {
  return trusted + notTrusted + notJudged;
}
