import {
  contextConstructed,
  derNull,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';

export interface ListedRoot {
  /** SHA-1, hex. */
  readonly thumbprint: string;
  /** By the number of the property, as in wincrypt.h. */
  readonly properties?: Readonly<Record<number, Uint8Array>>;
}

/** szOID_ROOT_LIST_SIGNER. */
export const ROOT_LIST = '1.3.6.1.4.1.311.10.3.9';

/** An authroot.stl of 2026-04-22 over `roots`, signed by nobody. */
export function buildTrustList(roots: readonly ListedRoot[], usage = ROOT_LIST): Uint8Array {
  const list = sequence(
    sequence(objectIdentifier(usage)),
    integer('1401dcd26b'), // sequenceNumber
    utcTime('2026-04-22T10:00:00Z'),
    sequence(objectIdentifier(OID.sha1), derNull),
    sequence(...roots.map(subjectOf)),
  );
  const signedData = sequence(
    integer('01'),
    setOf(),
    sequence(objectIdentifier(OID.certificateTrustList), contextConstructed(0, list)),
    setOf(),
  );
  return sequence(objectIdentifier(OID.signedData), contextConstructed(0, signedData));
}

/** The value of properties 9, 122 and 127. */
export function usagesOf(...oids: readonly string[]): Uint8Array {
  return sequence(...oids.map((oid) => objectIdentifier(oid)));
}

/** The value of properties 104 and 126: 100 ns since 1601, little-endian. */
export function filetimeOf(date: string): Uint8Array {
  const bytes = new Uint8Array(8);
  const ticks = (BigInt(Date.parse(date)) - BigInt(Date.parse('1601-01-01T00:00:00Z'))) * 10_000n;
  new DataView(bytes.buffer).setBigUint64(0, ticks, true);
  return bytes;
}

function subjectOf({ thumbprint, properties = {} }: ListedRoot): Uint8Array {
  const attributes = Object.entries(properties).map(([number, value]) =>
    sequence(objectIdentifier(`1.3.6.1.4.1.311.10.11.${number}`), setOf(octetString(value))),
  );
  return sequence(octetString(Buffer.from(thumbprint, 'hex')), setOf(...attributes));
}
