import { ParseError } from '../bytes/parse-error.ts';
import type { DerElement } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { contextTag, TAG } from '../der/tags.ts';
import { parseSignedData, type SignedData } from './signed-data.ts';

/** The SignedData inside a ContentInfo. Any other content type is `unsupported`. Source: RFC 5652 §3. */
export function parseContentInfo(element: DerElement): SignedData {
  if (element.tag !== TAG.sequence)
    throw element.error('bad-value', 'ContentInfo: SEQUENCE expected');
  const fields = element.children;
  const { offset } = fields;
  const contentType = readOid(fields, 'ContentInfo.contentType');
  const content = fields.read(contextTag(0), 'ContentInfo.content');
  if (contentType !== OID.signedData)
    throw new ParseError('unsupported', offset, `content type ${contentType} is not SignedData`);
  return parseSignedData(content.children.read(TAG.sequence, 'SignedData'));
}
