import type { ChainLink, Finding } from '../authenticode/signature-report.ts';
import type { Certificate } from './certificate.ts';
import { type ChainPath, chainPaths, type PathEnd } from './chain-paths.ts';
import { type ChainPurpose, checkPath } from './check-path.ts';
import { isMicrosoftRoot } from './microsoft-roots.ts';
import type { RootSet } from './root-set.ts';

/** A leaf's chain, and all that is wrong with it. */
export interface Chain {
  /** Leaf first. */
  readonly links: readonly ChainLink[];
  readonly certificates: readonly Certificate[];
  readonly findings: readonly Finding[];
  readonly end: PathEnd;
  /** Whether it goes, by sound signatures, to a root of Microsoft's, trusted or not; null where it reaches no root. */
  readonly endsAtMicrosoftRoot: boolean | null;
}

/** Paths judged for one leaf. Three cross-certified authorities in a row make eight. */
const MAX_PATHS = 16;

/**
 * The chain from `leaf` to a root: of several paths the first without an error, else the best. `roots` undefined: none are
 * at hand, and the path is what the file itself holds.
 */
export function buildChain(
  leaf: Certificate,
  embedded: readonly Certificate[],
  roots: RootSet | undefined,
  purpose: ChainPurpose,
): Chain {
  let best: Chain | undefined;
  let count = 0;
  for (const path of chainPaths(leaf, embedded, roots)) {
    const chain = judge(path, roots, purpose);
    if (best === undefined || rank(chain) < rank(best)) best = chain;
    if (rank(best) === 0 || ++count === MAX_PATHS) break;
  }
  if (best === undefined) throw new Error('a leaf alone is already a path');
  return best;
}

function judge(path: ChainPath, roots: RootSet | undefined, purpose: ChainPurpose): Chain {
  const { certificates, brokenLinks, end } = path;
  const links = checkPath(path, roots, purpose);
  const last = certificates[certificates.length - 1];
  const reachesRoot = end === 'trusted-root' || end === 'unknown-root';
  return {
    links,
    certificates,
    findings: links.flatMap(({ findings }) => findings),
    end,
    endsAtMicrosoftRoot:
      reachesRoot && last ? brokenLinks.size === 0 && isMicrosoftRoot(last) : null,
  };
}

const endRank: Readonly<Record<PathEnd, number>> = {
  'trusted-root': 0,
  'unknown-root': 1,
  'missing-issuer': 2,
  'too-long': 3,
};

/** 0 for a path without a fault. A trusted root outweighs everything: what is wrong below it is what the user must see. */
function rank({ end, findings }: Chain): number {
  return endRank[end] * 1000 + findings.filter(({ level }) => level === 'error').length;
}
