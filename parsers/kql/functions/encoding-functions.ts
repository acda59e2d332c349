import { createHash } from 'node:crypto';
import type { CellValue } from '../plan.ts';
import { toText } from './convert-functions.ts';
import { functions, text } from './scalar-function.ts';

/** Hashes and encodings. Source: Kusto documentation, the page of each function. */
export const encodingFunctions = functions({
  hash_md5: hash('md5'),
  hash_sha1: hash('sha1'),
  hash_sha256: hash('sha256'),
  base64_encode_tostring: {
    params: ['string'],
    run: ([value]) => Buffer.from(text(value), 'utf8').toString('base64'),
  },
  base64_decode_tostring: { params: ['string'], run: decodeBase64 },
  url_encode: { params: ['string'], run: ([value]) => encodeUrl(text(value)) },
  url_decode: { params: ['string'], run: ([value]) => decodeUrl(text(value)) },
});

/** Of the UTF-8 bytes of tostring(), in lower-case hex. */
function hash(algorithm: 'md5' | 'sha1' | 'sha256') {
  return functions({
    hash: {
      params: ['any'],
      run: ([value], { types }) =>
        createHash(algorithm).update(toText(value, types[0])).digest('hex'),
    },
  }).hash;
}

/** Null, which a string cannot be, is '': text that is no base64, or bytes that are no UTF-8. */
function decodeBase64([value]: readonly CellValue[]): string {
  const encoded = text(value);
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return '';
  return decodeUtf8(Buffer.from(encoded, 'base64')) ?? '';
}

/** As forms are: `+` for a space, lower-case hex. Source: .NET HttpUtility.UrlEncode, which the example's form agrees with. */
function encodeUrl(value: string): string {
  return Array.from(new TextEncoder().encode(value), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.!*()]/.test(character)) return character;
    return character === ' ' ? '+' : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** Escapes that are no UTF-8 stay as they are. */
function decodeUrl(value: string): string {
  return value
    .replaceAll('+', ' ')
    .replace(
      /(%[\da-f]{2})+/gi,
      (escapes) => decodeUtf8(Buffer.from(escapes.replaceAll('%', ''), 'hex')) ?? escapes,
    );
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // not UTF-8
    throw error;
  }
}
