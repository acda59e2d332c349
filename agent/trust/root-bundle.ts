import { hash } from 'node:crypto';
import { toHex } from '../../parsers/bytes/hex.ts';
import { type EncodedRoot, readRootName } from '../../parsers/x509/encoded-root-set.ts';
import type { RootRestriction } from '../../parsers/x509/root-restrictions.ts';
import type { CertificateUsage } from '../../parsers/x509/trust-anchors.ts';

export const ALL_USAGES: readonly CertificateUsage[] = ['code_signing', 'time_stamping'];

export interface TrustedRoot extends EncodedRoot {
  /** The stores it stands in. */
  readonly usages: readonly CertificateUsage[];
}

/** Roots, each once, and the limits to their trust by SHA-1 thumbprint. */
export interface RootBundle {
  readonly roots: readonly TrustedRoot[];
  readonly restrictions: ReadonlyMap<string, RootRestriction>;
}

/** Where roots came from. */
export interface RootSource extends RootBundle {
  /** Short, for the TrustSource column: `roots:/etc/roots`, `imported`, `dotnet-sdk 9.0.101`, `tls-roots`. */
  readonly source: string;
  /** Where a person finds them. */
  readonly path: string;
  /** ISO 8601: how old they are; null where nothing says so. */
  readonly date: string | null;
  /** False for TLS roots: they lack most of those that code is signed under. */
  readonly judges: boolean;
  /**
   * SHA-1 thumbprints of roots that Windows trusts though they are not in Microsoft's programme: whoever can write to the
   * machine's store can plant one. undefined where the programme's list is not at hand.
   */
  readonly outsideProgramme?: ReadonlySet<string>;
}

/** Brings roots together that may be given several times, each with all its usages. */
export class RootCollection {
  readonly #roots = new Map<string, EncodedRoot & { usages: Set<CertificateUsage> }>();

  /** Throws ParseError for what is no certificate, or no root. */
  add(encoded: Uint8Array, usages: readonly CertificateUsage[]): void {
    const thumbprint = hash('sha1', encoded);
    const root = this.#roots.get(thumbprint) ?? {
      encoded,
      name: toHex(readRootName(encoded)),
      usages: new Set(),
    };
    for (const usage of usages) root.usages.add(usage);
    this.#roots.set(thumbprint, root);
  }

  /** SHA-1 thumbprints, lower-case hex. */
  thumbprints(): ReadonlySet<string> {
    return new Set(this.#roots.keys());
  }

  /** Those with one of `thumbprints`, in the order in which they came; without it all. */
  roots(thumbprints: { has(thumbprint: string): boolean } = this.#roots): TrustedRoot[] {
    return [...this.#roots]
      .filter(([thumbprint]) => thumbprints.has(thumbprint))
      .map(([, root]) => ({ ...root, usages: [...root.usages] }));
  }
}

/** How many roots have limits at all: a list may name one and limit nothing. */
export function countLimited({ restrictions }: RootBundle): number {
  return [...restrictions.values()].filter((limit) => Object.keys(limit).length > 0).length;
}

/** How many roots may vouch for `usage` at all: in that store, and not kept from it by the programme. */
export function countRoots({ roots, restrictions }: RootBundle, usage: CertificateUsage): number {
  return roots.filter(({ encoded, usages }) => {
    const limit = restrictions.get(hash('sha1', encoded));
    const isDropped =
      limit?.disallowedFrom === undefined && limit?.disallowedUsages?.includes(usage);
    return usages.includes(usage) && (limit?.usages?.includes(usage) ?? true) && !isDropped;
  }).length;
}
