import { toHex } from '../bytes/hex.ts';
import type { Certificate } from './certificate.ts';
import type { RootRestriction } from './root-restrictions.ts';

/** Trusted roots with what each may be trusted for. */
export interface RootSet {
  readonly size: number;
  readonly has: (certificate: Certificate) => boolean;
  /** Every root whose subject is this Name element, byte for byte: a reissued root keeps the name. */
  readonly bySubject: (name: Uint8Array) => readonly Certificate[];
  /** undefined where the root may be trusted without limits. */
  readonly restrictionOf: (root: Certificate) => RootRestriction | undefined;
  /** Whether the machine trusts the root though Microsoft's programme does not have it; absent where that is not known. */
  readonly isOutsideProgramme?: (root: Certificate) => boolean;
}

/** `restrictions` are keyed by SHA-1 thumbprint; those of roots that are not among `roots` are ignored. */
export function rootSet(
  roots: readonly Certificate[],
  restrictions: ReadonlyMap<string, RootRestriction> = new Map(),
): RootSet {
  const distinct = new Map(roots.map((root) => [root.facts.sha256, root]));
  const subjects = Map.groupBy(distinct.values(), ({ subject }) => toHex(subject));
  return {
    size: distinct.size,
    has: ({ facts }) => distinct.has(facts.sha256),
    bySubject: (name) => subjects.get(toHex(name)) ?? [],
    restrictionOf: ({ facts }) => restrictions.get(facts.sha1),
  };
}
