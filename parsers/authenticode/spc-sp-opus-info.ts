import type { DerElement } from '../der/der-reader.ts';
import { latin1, utf16 } from '../der/strings.ts';
import { contextTag, primitiveContextTag, TAG, tagName } from '../der/tags.ts';

/** What the publisher says of the program. Anybody can write anything here. */
export interface SpcSpOpusInfo {
  readonly programName: string | null;
  /** An address, or a file name; null where it is a serialised object. */
  readonly moreInfo: string | null;
}

/** Octets. Real names and addresses stay below 100; anything goes here, and it ends up in the record. */
const MAX_TEXT = 8192;

/** Source: Authenticode_PE.docx, "SpcSpOpusInfo", "SpcString", "SpcLink". */
export function parseSpcSpOpusInfo(element: DerElement): SpcSpOpusInfo {
  if (element.tag !== TAG.sequence)
    throw element.error('bad-value', 'SpcSpOpusInfo: SEQUENCE expected');
  const fields = element.children;
  const programName = fields.optional(contextTag(0));
  const moreInfo = fields.optional(contextTag(1));
  return {
    programName: programName ? parseSpcString(programName.children.next()) : null,
    moreInfo: moreInfo ? parseSpcLink(moreInfo.children.next()) : null,
  };
}

/** A choice of two IMPLICIT strings: BMPString under [0], IA5String under [1]. */
function parseSpcString(element: DerElement): string {
  if (element.tag === primitiveContextTag(0)) return utf16(textOf(element));
  if (element.tag === primitiveContextTag(1)) return latin1(textOf(element));
  throw element.error('bad-value', `SpcString: ${tagName(element.tag)} is no choice`);
}

function parseSpcLink(element: DerElement): string | null {
  if (element.tag === primitiveContextTag(0)) return latin1(textOf(element)); // url
  if (element.tag === contextTag(1)) return null; // moniker
  if (element.tag === contextTag(2)) return parseSpcString(element.children.next()); // file
  throw element.error('bad-value', `SpcLink: ${tagName(element.tag)} is no choice`);
}

function textOf(element: DerElement): Uint8Array {
  const { content } = element;
  if (content.length > MAX_TEXT)
    throw element.error('bad-length', `${content.length} octets of text`);
  return content;
}
