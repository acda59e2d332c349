import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { readRootName } from '../../parsers/x509/encoded-root-set.ts';
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
    for (const root of parsePem(pem, CERTIFICATE_LABELS).filter(isRoot))
      collection.add(root, ALL_USAGES);
  return {
    source: 'tls-roots',
    path: `Node ${process.version}`,
    date: null,
    judges: false,
    roots: collection.roots(),
    restrictions: new Map(),
  };
}

function isRoot(encoded: Uint8Array): boolean {
  try {
    readRootName(encoded);
    return true;
  } catch (error) {
    if (error instanceof ParseError) return false; // cross-certified: not for us
    throw error;
  }
}
