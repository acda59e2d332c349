import { foldCase } from '../kql/fold-case.ts';
import type { FileCertificateRecord } from '../record/columns.ts';
import { BoundedMemo } from './bounded-memo.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { ToolFacts } from './tool-facts.ts';

/** What a file says of itself: `vendor`: its version information names the tool or who makes it. `name`: only its name does. */
export type Claim = 'vendor' | 'name';

/** The columns in which a file says what it is. */
export type ClaimingColumns = Pick<
  FileCertificateRecord,
  'CompanyName' | 'ProductName' | 'OriginalFileName' | 'FileName'
>;

/** Which rules name a text, by their place in the list. */
type Places = ReadonlySet<number>;

const NO_PLACES: Places = new Set();

/** Names are compared without spaces at their ends and without regard to case. */
export function foldName(name: string): string {
  return foldCase(name.trim());
}

/**
 * Which rules' tools a file claims to be. One look-up a name, however many rules there are.
 *
 * Against false accusations: a product's name may be a common word, so that beside the name of another company it counts
 * only together with an original file name of the tool; the company counts alone, unless it is one that makes many other
 * products (sharedSigner); an original file name alone is no more than a file name.
 */
export class ClaimIndex {
  readonly #companies: RecurringNameIndex;
  readonly #products: RecurringNameIndex;
  readonly #originals: NameIndex;
  readonly #files: NameIndex;
  readonly #shared: Places;

  constructor(rules: readonly CompiledRule[]) {
    this.#companies = new RecurringNameIndex(rules.map(({ facts }) => companiesOf(facts)));
    this.#products = new RecurringNameIndex(rules.map(({ facts }) => facts?.productNames ?? []));
    this.#originals = new NameIndex(rules.map(({ facts }) => facts?.originalFileNames ?? []));
    this.#files = new NameIndex(rules.map(({ facts }) => facts?.fileNames ?? []));
    this.#shared = new Set(rules.flatMap(({ facts }, place) => (facts?.sharedSigner ? place : [])));
  }

  /** By the place of the rule in the list; undefined where there is none, which is what most files get. */
  claimsOf(file: ClaimingColumns): ReadonlyMap<number, Claim> | undefined {
    const companies = this.#companies.placesOf(file.CompanyName);
    const products = this.#products.placesOf(file.ProductName);
    const originals = this.#originals.placesOf(file.OriginalFileName);
    const files = this.#files.placesOf(file.FileName);
    if (companies.size + products.size + originals.size + files.size === 0) return undefined;
    const claims = new Map<number, Claim>();
    for (const place of originals) claims.set(place, 'name');
    for (const place of files) claims.set(place, 'name');
    for (const place of companies) {
      const hasMore = products.has(place) || originals.has(place);
      if (hasMore || !this.#shared.has(place)) claims.set(place, 'vendor');
    }
    const isCompanySilent = (file.CompanyName ?? '').trim() === '';
    for (const place of products) {
      const isNamed = isCompanySilent || companies.has(place) || originals.has(place);
      if (isNamed) claims.set(place, 'vendor');
      else if (!claims.has(place)) claims.set(place, 'name');
    }
    return claims;
  }
}

/** Who signs a tool makes it: version information has the company's name as the certificate has it, or nearly so. */
function companiesOf(facts: ToolFacts | undefined): readonly string[] {
  return facts === undefined ? [] : [...facts.companyNames, ...facts.signers];
}

/** From a name as a file has it to the rules that list it. */
class NameIndex {
  readonly #places = new Map<string, Set<number>>();

  /** `names[place]` are those of the rule at `place`. */
  constructor(names: readonly (readonly string[])[]) {
    for (const [place, ofRule] of names.entries()) {
      for (const name of ofRule) {
        const folded = foldName(name);
        const known = this.#places.get(folded);
        if (known === undefined) this.#places.set(folded, new Set([place]));
        else known.add(place);
      }
    }
  }

  placesOf(name: string | null): Places {
    if (name === null) return NO_PLACES;
    return this.#places.get(foldName(name)) ?? NO_PLACES;
  }
}

/** The same where names recur from file to file, as those of companies do and those of files do not. */
class RecurringNameIndex extends NameIndex {
  readonly #memo = new BoundedMemo((name) => super.placesOf(name));

  override placesOf(name: string | null): Places {
    return name === null ? NO_PLACES : this.#memo.get(name);
  }
}
