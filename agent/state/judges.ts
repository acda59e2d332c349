import { createHash, hash } from 'node:crypto';
import { formatRootRestrictions } from '../../parsers/x509/restrictions-json.ts';
import type { CatalogIndex } from '../catalogs/catalog-index.ts';
import type { FileKind, Image } from '../inspect/file-outcome.ts';
import type { RootSource } from '../trust/root-bundle.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';

/**
 * What the result for a file depends on beside its bytes, by the sort of result: 32 bits of a digest each. A file whose
 * stored one is none of these is read again.
 */
export interface Judges {
  /** Of no kind that is ever signed: this program's version. */
  readonly plain: number;
  /** Could be signed and is not: the catalogs too. */
  readonly unsigned: number;
  /** Roots, restrictions, revocation lists, distrusted certificates, strictness, rules. */
  readonly signed: number;
  /** Signed by a catalog: all of it. */
  readonly cataloged: number;
}

export interface JudgedBy {
  readonly trust: TrustMaterial;
  readonly catalogs?: CatalogIndex | undefined;
  readonly ruleDigest: string;
  readonly agentVersion: string;
}

export function judgesOf({ trust, catalogs, ruleDigest, agentVersion }: JudgedBy): Judges {
  const { roots, crls, distrusted, strict } = trust;
  const byTrust = digestOf([
    ...[agentVersion, ruleDigest, rootDigest(roots), roots.source, String(strict)],
    ...crls.map((crl) => hash('sha256', crl)),
    ...[...distrusted].sort(),
  ]);
  const byCatalogs = digestOf([agentVersion, ...(catalogs?.catalogs ?? []).map((c) => c.sha256)]);
  return {
    plain: tag('plain', agentVersion),
    unsigned: tag('unsigned', byCatalogs),
    signed: tag('signed', byTrust),
    cataloged: tag('cataloged', byTrust + byCatalogs),
  };
}

/** Kinds that catalogs may list though nothing in the file says so. */
const SIGNABLE: ReadonlySet<FileKind> = new Set<FileKind>([
  ...(['pe', 'msi', 'cab', 'catalog', 'appx', 'script'] as const),
]);

export function judgeOfKind(judges: Judges, kind: FileKind): number {
  return SIGNABLE.has(kind) ? judges.unsigned : judges.plain;
}

export function judgeOfImage(judges: Judges, { signatures, malformed, catalog }: Image): number {
  if (catalog === 'found') return judges.cataloged;
  return signatures.length > 0 || malformed.length > 0 ? judges.signed : judges.unsigned;
}

/** SHA-256, lower-case hex, over the roots, what each may vouch for, and their restrictions; the same in any order. */
export function rootDigest({ roots, restrictions, outsideProgramme }: RootSource): string {
  const sorted = new Map([...restrictions].sort(([a], [b]) => (a < b ? -1 : 1)));
  return digestOf([
    ...roots
      .map(({ encoded, usages }) => `${hash('sha256', encoded)} ${[...usages].sort()}`)
      .sort(),
    formatRootRestrictions(sorted),
    ...[...(outsideProgramme ?? [])].sort(),
  ]);
}

/** The length before each part keeps `ab`, `c` from `a`, `bc`. */
function digestOf(parts: readonly string[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:${part}`);
  return digest.digest('hex');
}

function tag(sort: string, digest: string): number {
  return Number.parseInt(digestOf([sort, digest]).slice(0, 8), 16);
}
