import type { DerElement } from './der-reader.ts';
import { TAG, tagName } from './tags.ts';

/**
 * Text of any ASN.1 character string. Octets that its type forbids become U+FFFD or stay: a name that breaks the rules
 * is still evidence.
 *
 * UTF8String keeps a byte order mark. T61String is read as Latin-1, which is what signers put there, not T.61. BMPString and UniversalString are big-endian. Source: X.680 §41; RFC 5280 §4.1.2.4.
 */
export function decodeString(element: DerElement): string {
  const { tag, content } = element;
  switch (tag) {
    case TAG.utf8String:
      return utf8.decode(content);
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.numericString:
    case TAG.visibleString:
    case TAG.t61String:
      return latin1(content);
    case TAG.bmpString:
      return utf16(content);
    case TAG.universalString:
      return utf32(content);
    default:
      throw element.error('bad-value', `${tagName(tag)} where a character string belongs`);
  }
}

/** Octets as U+0000 to U+00FF. For strings under an implicit tag, whose type the specification fixes as IA5String. */
export function latin1(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
}

/** Big-endian UTF-16, as in BMPString and SpcString. An odd last octet is left out. */
export function utf16(content: Uint8Array): string {
  return utf16be.decode(content.subarray(0, content.length - (content.length % 2)));
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16be = new TextDecoder('utf-16be', { ignoreBOM: true });

function utf32(content: Uint8Array): string {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  let text = '';
  for (let at = 0; at + 4 <= content.length; at += 4) {
    const codePoint = view.getUint32(at);
    const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff);
    text += isCharacter ? String.fromCodePoint(codePoint) : '\ufffd';
  }
  return text;
}
