import { describe, expect, test } from 'vitest';
import {
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tlv,
} from '../../../build/fixtures/der.ts';
import { readCatalogMembers } from '../../../parsers/catalog/catalog-members.ts';
import { readCatalog } from '../../../parsers/catalog/read-catalog.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { buildSignature } from '../authenticode/signature-builder.ts';

const sha1 = Buffer.alloc(20, 0x11);
const sha256 = Buffer.alloc(32, 0x22);
const time = tlv(0x17, Buffer.from('180915060947Z'));

function member(tag: Uint8Array, ...attributes: readonly Uint8Array[]): Uint8Array {
  return sequence(octetString(tag), setOf(...attributes));
}

function indirectData(digest: Uint8Array): Uint8Array {
  const value = sequence(
    sequence(objectIdentifier('1.3.6.1.4.1.311.2.1.15')),
    sequence(sequence(objectIdentifier(OID.sha1)), octetString(digest)),
  );
  return sequence(objectIdentifier(OID.spcIndirectData), setOf(value));
}

function catalog(algorithm: string, ...members: readonly Uint8Array[]): Uint8Array {
  const list = sequence(
    sequence(objectIdentifier('1.3.6.1.4.1.311.12.1.1')),
    octetString(Buffer.alloc(16)),
    time,
    sequence(objectIdentifier(algorithm)),
    sequence(...members),
  );
  const signedData = sequence(
    integer('01'),
    setOf(),
    sequence(objectIdentifier(OID.certificateTrustList), contextConstructed(0, list)),
    setOf(),
  );
  return sequence(objectIdentifier(OID.signedData), contextConstructed(0, signedData));
}

describe('readCatalogMembers', () => {
  const other = sequence(objectIdentifier('1.3.6.1.4.1.311.12.2.1'), setOf());
  const text = Buffer.from('1111', 'utf16le');

  test.each([
    {
      name: 'the digest of its SpcIndirectDataContent',
      algorithm: OID.catalogListMember,
      of: member(text, other, indirectData(sha1)),
      digests: [sha1],
    },
    {
      name: 'that rather than its tag',
      algorithm: OID.catalogListMember2,
      of: member(sha256, indirectData(sha1)),
      digests: [sha1],
    },
    {
      name: 'its tag where the catalog is of the newer form',
      algorithm: OID.catalogListMember2,
      of: member(sha256, other),
      digests: [sha256],
    },
    {
      name: 'nothing where the tag of the older form is text',
      algorithm: OID.catalogListMember,
      of: member(sha256, other),
      digests: [],
    },
    {
      name: 'nothing where the digest is empty',
      algorithm: OID.catalogListMember,
      of: member(sha256, indirectData(Buffer.alloc(0))),
      digests: [],
    },
    {
      name: 'nothing where the tag is no digest',
      algorithm: OID.catalogListMember2,
      of: member(text),
      digests: [],
    },
  ])('gives of a member $name', ({ algorithm, of, digests }) => {
    const found = [...readCatalogMembers(catalog(algorithm, of))];
    expect(found).toEqual(digests.map((digest) => digest.toString('hex')));
  });

  test('gives all members in order', () => {
    const bytes = catalog(OID.catalogListMember2, member(sha256), member(sha1));
    expect([...readCatalogMembers(bytes)]).toEqual(['22'.repeat(32), '11'.repeat(20)]);
  });

  test('refuses a signature that is no catalog', () => {
    expect(() => [...readCatalogMembers(buildSignature())]).toThrow(
      expect.objectContaining({ name: 'ParseError', code: 'unsupported' }),
    );
  });
});

describe('readCatalog', () => {
  test('takes a catalog without a signer for unsigned', () => {
    expect(readCatalog(catalog(OID.catalogListMember))).toMatchObject({
      signatures: [],
      problems: [],
    });
  });

  test("does not take a file's signature for a catalog's", () => {
    expect(readCatalog(buildSignature())).toMatchObject({
      signatures: [],
      problems: [{ code: 'unsupported' }],
    });
  });
});
