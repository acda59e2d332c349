import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { readDer } from '../der/der-reader.ts';
import { OID } from '../der/oids.ts';

/**
 * Reads a security catalog: a PKCS#7 whose signed content is a list of digests of other files. As a signed file it has no
 * digest of its own, messageDigest covers the list.
 *
 * Source: [MS-CAESO] names the content type, 1.3.6.1.4.1.311.10.1; the list is read by readCatalogMembers.
 */
export function readCatalog(bytes: Uint8Array): SignedFile {
  const found = isUnsigned(bytes)
    ? { signatures: [], problems: [] }
    : readPkcs7Signatures(bytes, 0, OID.certificateTrustList);
  return { ...found, digest: () => noDigest() };
}

/** A list that nobody has signed yet, as makecat leaves it, is a PKCS#7 without a SignerInfo. */
function isUnsigned(bytes: Uint8Array): boolean {
  try {
    const { contentType, signerInfos } = parseContentInfo(readDer(bytes).next());
    return contentType === OID.certificateTrustList && signerInfos.length === 0;
  } catch (error) {
    if (error instanceof ParseError) return false; // listed by readPkcs7Signatures
    throw error;
  }
}

function noDigest(): never {
  throw new Error('a catalog has no digest of itself');
}
