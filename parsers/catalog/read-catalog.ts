import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import { OID } from '../der/oids.ts';

/**
 * Reads a security catalog: a PKCS#7 whose signed content is a list of digests of other files. As a signed file it has no
 * digest of its own, messageDigest covers the list.
 *
 * Source: [MS-CAESO] names the content type, 1.3.6.1.4.1.311.10.1; the list is read by readCatalogMembers.
 */
export function readCatalog(bytes: Uint8Array): SignedFile {
  return {
    ...readPkcs7Signatures(bytes, 0, OID.certificateTrustList),
    digest: () => {
      throw new Error('a catalog has no digest of itself');
    },
  };
}
