import { readAlgorithmIdentifier } from '../cms/algorithm-identifier.ts';
import { digestAlgorithmOf } from '../cms/digest-algorithm.ts';
import type { DerElement } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import type { DigestAlgorithm } from './signature-report.ts';

/** What an Authenticode signature signs: the digest of the file. */
export interface SpcIndirectData {
  /** What kind of file it is about: SPC_PE_IMAGE_DATAOBJ, SPC_CAB_DATA_OBJID, SPC_SIPINFO_OBJID. */
  readonly dataType: string;
  readonly digestOid: string;
  /** undefined for one we do not know: `digestOid` names it. */
  readonly digestAlgorithm: DigestAlgorithm | undefined;
  readonly digest: Uint8Array;
  /** SpcPeImageData, which may hold page hashes; undefined in other kinds of file. */
  readonly imageData: DerElement | undefined;
}

/** Octets. A longer one would end up in the record. An APPX package has five named digests here, SHA-512 at most. */
const MAX_DIGEST = 4 + 5 * (4 + 64);

/** Source: Authenticode_PE.docx, "SpcIndirectDataContent". */
export function parseSpcIndirectData(element: DerElement): SpcIndirectData {
  if (element.tag !== TAG.sequence)
    throw element.error('bad-value', 'SpcIndirectDataContent: SEQUENCE expected');
  const fields = element.children;
  const data = fields.read(TAG.sequence, 'SpcIndirectDataContent.data').children;
  const dataType = readOid(data, 'SpcAttributeTypeAndOptionalValue.type');
  const imageData = dataType === OID.spcPeImageData ? data.optional(TAG.sequence) : undefined;
  const digestInfo = fields.read(TAG.sequence, 'SpcIndirectDataContent.messageDigest').children;
  const { algorithm } = readAlgorithmIdentifier(digestInfo, 'DigestInfo.digestAlgorithm');
  const digest = digestInfo.read(TAG.octetString, 'DigestInfo.digest');
  if (digest.content.length > MAX_DIGEST)
    throw digest.error('bad-length', `a digest of ${digest.content.length} octets`);
  return {
    dataType,
    digestOid: algorithm,
    digestAlgorithm: digestAlgorithmOf(algorithm),
    digest: digest.content,
    imageData,
  };
}
