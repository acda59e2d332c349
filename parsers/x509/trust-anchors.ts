import type { RootSet } from './root-set.ts';

/** What a chain is built for. The words are those of root-restrictions.json. */
export type CertificateUsage = 'code_signing' | 'time_stamping';

/** The roots that judge. Code signing and time stamping are separate stores: few roots may do both. */
export interface TrustAnchors {
  /** Where they came from, for the TrustSource column. */
  readonly source: string;
  readonly codeSigning: RootSet;
  readonly timeStamping: RootSet;
  /**
   * False for roots of another purpose (the system's TLS roots, the last resort): a chain that ends elsewhere is then
   * not judged, since most code-signing roots are simply not among them.
   */
  readonly judges: boolean;
}
