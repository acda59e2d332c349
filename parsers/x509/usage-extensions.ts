import type { DerReader } from '../der/der-reader.ts';
import { readSmallInteger } from '../der/integer.ts';
import { readOid } from '../der/oid.ts';
import { TAG } from '../der/tags.ts';

/** What BasicConstraints allows an authority. */
export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and the leaf; undefined: any number. */
  readonly pathLength: number | undefined;
}

/** The bits of KeyUsage that signatures on code, timestamps, certificates and revocation lists need. */
export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly nonRepudiation: boolean;
  readonly certificateSigning: boolean;
  readonly crlSigning: boolean;
}

/** What a KeyUsage that cannot be read allows. */
export const NO_KEY_USAGE: KeyUsage = {
  digitalSignature: false,
  nonRepudiation: false,
  certificateSigning: false,
  crlSigning: false,
};

/** Longer than any chain that we follow: there to refuse numbers that are none. */
const MAX_PATH_LENGTH = 0xffff_ffff;
/** Real certificates name one to five, Microsoft's own up to twenty. */
const MAX_PURPOSES = 128;

/** Source: RFC 5280 §4.2.1.9. */
export function parseBasicConstraints(value: DerReader): BasicConstraints {
  const fields = value.read(TAG.sequence, 'BasicConstraints').children;
  const isAuthority = (fields.optional(TAG.boolean)?.content[0] ?? 0) !== 0;
  const pathLength = fields.done
    ? undefined
    : readSmallInteger(fields, 'pathLenConstraint', MAX_PATH_LENGTH);
  return { isAuthority, pathLength };
}

/** Bit 0 is the highest of the first octet behind the count of unused bits. Source: RFC 5280 §4.2.1.3. */
export function parseKeyUsage(value: DerReader): KeyUsage {
  const bits = value.read(TAG.bitString, 'KeyUsage').content[1] ?? 0;
  return {
    digitalSignature: (bits & 0x80) !== 0,
    nonRepudiation: (bits & 0x40) !== 0,
    certificateSigning: (bits & 0x04) !== 0,
    crlSigning: (bits & 0x02) !== 0,
  };
}

/** Source: RFC 5280 §4.2.1.12. */
export function parseExtendedKeyUsage(value: DerReader): ReadonlySet<string> {
  const list = value.read(TAG.sequence, 'ExtKeyUsageSyntax');
  const purposes = new Set<string>();
  for (const reader = list.children; !reader.done; purposes.add(readOid(reader, 'KeyPurposeId'))) {
    if (purposes.size === MAX_PURPOSES)
      throw list.error('too-many', `more than ${MAX_PURPOSES} key purposes`);
  }
  return purposes;
}
