import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { CERTIFICATE_LABELS, parsePem } from '../../parsers/x509/pem.ts';
import { ALL_USAGES, RootCollection, type RootSource } from './root-bundle.ts';

/**
 * The TLS roots that Node itself brings (Mozilla's): the last resort. They do not judge: Microsoft's, thawte's and
 * VeriSign's roots are not among them, and three of four chains of signed code end elsewhere.
 */
export async function tlsRoots(): Promise<RootSource> {
  const { rootCertificates } = await import('node:tls');
  const collection = new RootCollection();
  for (const pem of rootCertificates)
    for (const certificate of parsePem(pem, CERTIFICATE_LABELS)) addRoot(collection, certificate);
  return {
    source: 'tls-roots',
    path: `Node ${process.version}`,
    date: null,
    judges: false,
    roots: collection.roots(),
    restrictions: new Map(),
  };
}

/** Those that are cross-certified are not for us. */
function addRoot(collection: RootCollection, certificate: Uint8Array): void {
  try {
    collection.add(certificate, ALL_USAGES);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
  }
}
