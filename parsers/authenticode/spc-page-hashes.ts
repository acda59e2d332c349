import { type DerElement, readDer } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { contextTag, TAG } from '../der/tags.ts';

/** A digest for each page of an image, so that Windows can check one page as it loads it. */
export interface SpcPageHashes {
  readonly algorithm: 'sha1' | 'sha256';
  /** Entries of a little-endian file offset (4 bytes) and a digest, ascending; the last one marks the end. */
  readonly table: Uint8Array;
}

/** classId of SpcSerializedObject: a6b586d5-b4a1-2466-ae05-a217da8e60d6, as its bytes stand there. */
const SERIALIZED_OBJECT = 'a6b586d5b4a12466ae05a217da8e60d6';

/**
 * The page hashes in SpcPeImageData, the value of SpcIndirectDataContent.data; undefined where it has none, as most. They
 * are a SET of attributes inside an OCTET STRING. Throws ParseError where what is there cannot be read.
 * Source: Authenticode_PE.docx, "SpcPeImageData", "SpcSerializedObject", "SpcSerializedObjectAttributeClassId".
 */
export function parsePageHashes(imageData: DerElement): SpcPageHashes | undefined {
  const fields = imageData.children;
  fields.optional(TAG.bitString); // flags
  const moniker = fields.optional(contextTag(0))?.children.optional(contextTag(1))?.children;
  if (moniker === undefined) return undefined; // a file name, in practice <<<Obsolete>>>

  const classId = moniker.read(TAG.octetString, 'SpcSerializedObject.classId').content;
  if (Buffer.from(classId).toString('hex') !== SERIALIZED_OBJECT) return undefined;
  const data = moniker.read(TAG.octetString, 'SpcSerializedObject.serializedData');
  const attributes = readDer(data.content, data.contentOffset).read(TAG.set, 'serializedData');
  for (const attribute of attributes.children.rest()) {
    const parts = attribute.children;
    const algorithm = algorithms.get(readOid(parts, 'serializedData.type'));
    if (algorithm === undefined) continue;
    const values = parts.read(TAG.set, 'serializedData.values').children;
    return { algorithm, table: values.read(TAG.octetString, 'page hashes').content };
  }
  return undefined;
}

const algorithms = new Map<string, 'sha1' | 'sha256'>([
  [OID.peImagePageHashesV1, 'sha1'],
  [OID.peImagePageHashesV2, 'sha256'],
]);
