import { ByteReader } from '../bytes/byte-reader.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** CERT_CERT_PROP_ID: the certificate itself. */
const CERTIFICATE_PROPERTY = 32;
const HEADER_SIZE = 12;

/**
 * The DER of the certificate in a Blob of the registry's certificate stores: properties one after the other, each with its
 * number, a reserved 1 and its length. Throws ParseError. Source: [MS-GPEF] §2.2.1.1.1.1, "Certificate BLOB Properties".
 */
export function readStoreBlob(blob: Uint8Array): Uint8Array {
  const reader = new ByteReader(blob);
  for (let at = 0; at < reader.end; ) {
    const property = reader.u32(at);
    const value = { offset: at + HEADER_SIZE, size: reader.u32(at + 8) };
    if (property === CERTIFICATE_PROPERTY) return Uint8Array.from(reader.slice(value));
    at = value.offset + value.size;
  }
  throw new ParseError('truncated', reader.end, 'a store entry without a certificate');
}
