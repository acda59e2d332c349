import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type {
  DigestAlgorithm,
  Finding,
  SignatureReport,
} from '../../parsers/authenticode/signature-report.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { readCatalog } from '../../parsers/catalog/read-catalog.ts';
import type { CatalogOutcome } from '../../parsers/record/to-record.ts';
import { systemProblem } from '../inspect/file-error.ts';
import { type CatalogIndex, catalogsWith, type IndexedCatalog } from './catalog-index.ts';

/** Digests by which a file can be listed: of a PE file's image, of any other file as it is. */
export type CatalogDigests = ReadonlyMap<DigestAlgorithm, string>;

/** Algorithms of the digests in catalogs. */
export const CATALOG_ALGORITHMS: readonly DigestAlgorithm[] = ['sha1', 'sha256'];

/** What becomes of a file without a signature of its own. `catalogs` is undefined where none are at hand. */
export function searchCatalogs(
  catalogs: CatalogSearch | undefined,
  digests: CatalogDigests,
): { signatures: SignatureReport[]; catalog: CatalogOutcome } {
  if (catalogs === undefined) return { signatures: [], catalog: 'not-searched' };
  const report = catalogs.find(digests);
  return report
    ? { signatures: [report], catalog: 'found' }
    : { signatures: [], catalog: 'not-found' };
}

/** Catalogs whose verdict is kept. Neighbouring files are mostly signed by few catalogs. */
const MAX_KEPT = 1024;

/** Finds the catalog that signs a file, and judges its signature. One per worker. */
export class CatalogSearch {
  readonly #index: CatalogIndex;
  readonly #context: VerificationContext;
  readonly #verdicts = new Map<string, SignatureReport | undefined>();

  constructor(index: CatalogIndex, context: VerificationContext) {
    this.#index = index;
    this.#context = context;
  }

  /**
   * The report on the catalog that lists one of these digests, as if it stood in the file; undefined where none does. Of
   * several catalogs a trusted one counts, as for Windows, which tries them in turn.
   */
  find(digests: CatalogDigests): SignatureReport | undefined {
    let best: SignatureReport | undefined;
    for (const [algorithm, digest] of digests) {
      for (const catalog of catalogsWith(this.#index, digest)) {
        const verdict = this.#verdictOf(catalog);
        if (verdict === undefined || (best && verdict.status !== 'Trusted')) continue;
        best = asReportOf(catalog, verdict, algorithm, digest);
        if (verdict.status === 'Trusted') return best;
      }
    }
    return best;
  }

  #verdictOf(catalog: IndexedCatalog): SignatureReport | undefined {
    if (this.#verdicts.has(catalog.path)) return this.#verdicts.get(catalog.path);
    const verdict = this.#verify(catalog);
    if (this.#verdicts.size === MAX_KEPT) this.#verdicts.clear();
    this.#verdicts.set(catalog.path, verdict);
    return verdict;
  }

  /** undefined where the catalog is gone, is another than was indexed, or has no signature that can be read. */
  #verify({ path, sha256 }: IndexedCatalog): SignatureReport | undefined {
    const bytes = readIfThere(path);
    if (bytes === undefined || hash('sha256', bytes) !== sha256) return undefined;
    const [signature] = readCatalog(bytes).signatures;
    return signature && verifySignature(signature, 0, new Map(), this.#context);
  }
}

function asReportOf(
  { shownPath }: IndexedCatalog,
  verdict: SignatureReport,
  digestAlgorithm: DigestAlgorithm,
  digest: string,
): SignatureReport {
  const detail = `signed by catalog ${shownPath}`;
  const finding: Finding = { code: 'CATALOG', level: 'info', detail };
  return {
    ...verdict,
    findings: [finding, ...verdict.findings],
    digestAlgorithm,
    embeddedDigest: digest,
    computedDigest: digest,
  };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    systemProblem(path, error); // throws on what is not the system's
    return undefined;
  }
}
