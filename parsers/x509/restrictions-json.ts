import type { RootRestriction } from './root-restrictions.ts';

/** The inverse of parseRootRestrictions: the text of a root-restrictions.json. */
export function formatRootRestrictions(restrictions: ReadonlyMap<string, RootRestriction>): string {
  const roots = Object.fromEntries(
    [...restrictions].map(([thumbprint, limit]) => [
      thumbprint,
      {
        usages: limit.usages,
        not_before: limit.notBefore,
        not_before_usages: limit.notBeforeUsages,
        disallowed_from: limit.disallowedFrom,
        disallowed_usages: limit.disallowedUsages,
      },
    ]),
  );
  return JSON.stringify({ roots });
}
