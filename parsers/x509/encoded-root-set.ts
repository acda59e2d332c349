import { equalBytes } from '../bytes/equal-bytes.ts';
import { toHex } from '../bytes/hex.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { readDer } from '../der/der-reader.ts';
import { contextTag, TAG } from '../der/tags.ts';
import type { Certificate } from './certificate.ts';
import { certificateOf } from './certificate-cache.ts';
import type { RootRestriction } from './root-restrictions.ts';
import type { RootSet } from './root-set.ts';

/** A trusted root, not read any further than to see that it is one. */
export interface EncodedRoot {
  /** The DER of its certificate. */
  readonly encoded: Uint8Array;
  /** Of readRootName, lower-case hex: who has it need not read the certificate. */
  readonly name: string;
}

/** What is known of roots beside their certificates, by SHA-1 thumbprint, lower-case hex. */
export interface RootKnowledge {
  readonly restrictions: ReadonlyMap<string, RootRestriction>;
  /** Roots that are not in Microsoft's programme; undefined where its list is not at hand. */
  readonly outsideProgramme?: ReadonlySet<string>;
}

/**
 * A root set over certificates that are read when a chain first asks for their name: of some 370 roots a disk meets a few
 * dozen, and reading all would cost each thread 0.1 s and 10 MB.
 *
 * Each of `roots` stands there once. One that cannot be read to its end is as if absent: nothing can chain to it.
 */
export function encodedRootSet(
  roots: readonly EncodedRoot[],
  { restrictions, outsideProgramme }: RootKnowledge,
): RootSet {
  const byName = Map.groupBy(roots, (root) => root.name);
  const read = new Map<string, readonly Certificate[]>();
  function bySubject(name: Uint8Array): readonly Certificate[] {
    const key = toHex(name);
    const found = byName.get(key);
    if (found === undefined) return [];
    const known = read.get(key);
    if (known !== undefined) return known;
    const certificates = found.flatMap(readCertificate);
    read.set(key, certificates);
    return certificates;
  }
  return {
    size: roots.length,
    has: ({ subject, encoded }) =>
      bySubject(subject).some((root) => equalBytes(root.encoded, encoded)),
    bySubject,
    restrictionOf: ({ facts }) => restrictions.get(facts.sha1),
    ...(outsideProgramme && {
      isOutsideProgramme: ({ facts }: Certificate) => outsideProgramme.has(facts.sha1),
    }),
  };
}

/**
 * The name of a root: the whole Name element. Throws ParseError where `encoded` is not the DER of one certificate, or of
 * one that another authority issued: that is no root. Source: RFC 5280 §4.1.
 */
export function readRootName(encoded: Uint8Array): Uint8Array {
  const reader = readDer(encoded);
  const certificate = reader.read(TAG.sequence, 'Certificate');
  if (!reader.done)
    throw new ParseError('bad-length', reader.offset, 'bytes after the certificate');
  const tbs = certificate.children.read(TAG.sequence, 'TBSCertificate').children;
  tbs.optional(contextTag(0)); // version
  tbs.read(TAG.integer, 'serialNumber');
  tbs.read(TAG.sequence, 'signature');
  const issuer = tbs.read(TAG.sequence, 'issuer');
  tbs.read(TAG.sequence, 'validity');
  const subject = tbs.read(TAG.sequence, 'subject');
  if (!equalBytes(issuer.encoded, subject.encoded))
    throw subject.error('bad-value', 'not a root: another authority issued it');
  return subject.encoded;
}

function readCertificate({ encoded }: EncodedRoot): Certificate[] {
  try {
    return [certificateOf(encoded)];
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}
