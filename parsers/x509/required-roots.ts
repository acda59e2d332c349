import type { Certificate } from './certificate.ts';
import { isMicrosoftRoot } from './microsoft-roots.ts';
import type { RootRestriction } from './root-restrictions.ts';

/**
 * `restriction` as Windows applies it to `root`. The dates in authroot.stl do not touch Microsoft's own roots nor the
 * legacy ones that Windows cannot do without: files signed under them twenty years ago still verify.
 */
export function effectiveRestriction(
  root: Certificate,
  restriction: RootRestriction,
): RootRestriction {
  if (!isMicrosoftRoot(root) && !requiredRoots.has(root.facts.sha1)) return restriction;
  return restriction.usages ? { usages: restriction.usages } : {};
}

/**
 * SHA-1 thumbprints. Source: Microsoft, "Required trusted root certificates" (KB 293781): those that are not Microsoft's own.
 */
const requiredRoots = new Map([
  ['be36a4562fb2ee05dbb3d32323adf445084ed656', 'Thawte Timestamping CA'],
  ['18f7c1fcc3090203fd5baa2f861a754976c8dd25', 'VeriSign Time Stamping CA'],
]);
