import { hash } from 'node:crypto';
import { ParseError } from '../bytes/parse-error.ts';
import { Certificate } from './certificate.ts';

/** Certificates kept. A sweep of a whole Windows disk meets a few thousand different ones. */
const CAPACITY = 4096;
/** Bytes. Real certificates have 600 to 2,000: larger ones are not worth the memory, the largest not worth reading. */
const MAX_KEPT = 8 * 1024;
const MAX_SIZE = 64 * 1024;

const cache = new Map<string, Certificate>();

/**
 * The certificate that these bytes encode. The same few intermediates recur in file after file, so each is parsed once
 * and kept by its SHA-256; the oldest makes room. Throws ParseError with offsets inside the certificate.
 */
export function certificateOf(encoded: Uint8Array): Certificate {
  if (encoded.length > MAX_SIZE)
    throw new ParseError('bad-length', 0, `a certificate of ${encoded.length} bytes`);
  if (encoded.length > MAX_KEPT) return new Certificate(encoded);

  const key = hash('sha256', encoded);
  const known = cache.get(key);
  if (known) return known;

  const certificate = new Certificate(encoded.slice()); // a copy: the input is a view of the file
  if (cache.size >= CAPACITY) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(key, certificate);
  return certificate;
}
