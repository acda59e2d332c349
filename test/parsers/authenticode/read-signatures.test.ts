import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { contextConstructed, octetString, sequence } from '../../../build/fixtures/der.ts';
import {
  digestAlgorithmsOf,
  readSignatures,
} from '../../../parsers/authenticode/read-signatures.ts';
import { verifySignature } from '../../../parsers/authenticode/verify-signature.ts';
import { ByteReader } from '../../../parsers/bytes/byte-reader.ts';
import { ParseError } from '../../../parsers/bytes/parse-error.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { readPeLayout } from '../../../parsers/pe/pe-layout.ts';
import { readWinCertificates } from '../../../parsers/pe/win-certificate.ts';
import { attributeOf } from '../cms/signer-info-builder.ts';
import { withoutRoots } from '../read-corpus-file.ts';
import { sweep } from '../sweep.ts';
import { buildSignature, signerCertificate, TABLE, tableOf } from './signature-builder.ts';

const garbage = octetString(Buffer.from('garbage'));
const sha1 = { digestOid: OID.sha1, digest: Buffer.alloc(20, 1) };

function nested(...signatures: readonly Uint8Array[]) {
  return { unsignedAttributes: [attributeOf(OID.nestedSignature, ...signatures)] };
}

function algorithmsOf(...contents: readonly Uint8Array[]) {
  return readSignatures(tableOf(...contents)).signatures.map(
    ({ indirectData }) => indirectData?.digestAlgorithm,
  );
}

describe('readSignatures', () => {
  test('gives the primary signature, then its nested ones, then further entries', () => {
    const inner = buildSignature({
      digestOid: OID.sha384,
      ...nested(buildSignature({ digestOid: OID.sha512 })),
    });
    const primary = buildSignature({ ...sha1, ...nested(inner) });
    expect(algorithmsOf(primary, buildSignature())).toEqual(['sha1', 'sha384', 'sha512', 'sha256']);
  });

  test('reads every value of a nested-signature attribute', () => {
    const primary = buildSignature({
      ...sha1,
      ...nested(buildSignature(), buildSignature({ digestOid: OID.md5 })),
    });
    expect(algorithmsOf(primary)).toHaveLength(3);
  });

  test('gives what a verifier needs', () => {
    const [signature] = readSignatures(tableOf(buildSignature())).signatures;
    expect(signature?.offset).toBe(TABLE + 8);
    expect(signature?.signer?.facts.name).toBe('Signer');
    expect(signature?.certificates).toHaveLength(1);
    expect(signature?.opusInfo).toBeUndefined();
    expect(signature?.timestamps).toEqual([]);
    expect(signature?.padding).toEqual({ size: 0, isZero: true });
  });

  test('loses only the nested signature that is malformed', () => {
    const primary = buildSignature({ ...sha1, ...nested(garbage, buildSignature()) });
    const { signatures, problems } = readSignatures(tableOf(primary));
    expect(signatures.map(({ indirectData }) => indirectData?.digestAlgorithm)).toEqual([
      'sha1',
      'sha256',
    ]);
    expect(problems).toMatchObject([{ name: 'ParseError', code: 'bad-value' }]);
    expect(problems[0]?.offset).toBe(TABLE + 8 + Buffer.from(primary).indexOf(garbage));
  });

  test('loses only the entry that is malformed', () => {
    const { signatures, problems } = readSignatures(tableOf(garbage, buildSignature()));
    expect(signatures).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'bad-value', offset: TABLE + 8 }]);
  });

  test('loses only the certificate that is malformed', () => {
    const { signatures, problems } = readSignatures(
      tableOf(buildSignature({ certificates: [sequence(), signerCertificate] })),
    );
    expect(signatures[0]?.signer?.facts.name).toBe('Signer');
    expect(problems).toMatchObject([{ code: 'truncated' }]);
  });

  test('loses only the SpcSpOpusInfo that is malformed', () => {
    const signedAttributes = [attributeOf(OID.spcSpOpusInfo, garbage)];
    const { signatures, problems } = readSignatures(tableOf(buildSignature({ signedAttributes })));
    expect(signatures).toHaveLength(1);
    expect(signatures[0]?.opusInfo).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'bad-value' }]);
  });

  test('puts the problem of the table first', () => {
    const problem = new ParseError('bad-length', TABLE + 24, 'dwLength does not fit');
    const { problems } = readSignatures({ ...tableOf(garbage), problem });
    expect(problems.map(({ code }) => code)).toEqual(['bad-length', 'bad-value']);
  });

  test.each([
    { name: 'revision 1.0', change: { revision: 0x0100 } },
    { name: 'an X.509 certificate', change: { certificateType: 1 } },
  ])('lists an entry of $name as unsupported', ({ change }) => {
    const table = tableOf(buildSignature());
    const certificates = table.certificates.map((entry) => ({ ...entry, ...change }));
    const { signatures, problems } = readSignatures({ ...table, certificates });
    expect(signatures).toEqual([]);
    expect(problems).toMatchObject([{ code: 'unsupported', offset: TABLE }]);
  });

  test.each([
    {
      name: 'a content that is not Authenticode',
      parts: { contentType: OID.tstInfo },
      code: 'unsupported',
    },
    { name: 'no SignerInfo', parts: { signerInfos: 0 }, code: 'bad-value' },
  ])('refuses $name', ({ parts, code }) => {
    const { signatures, problems } = readSignatures(tableOf(buildSignature(parts)));
    expect(signatures).toEqual([]);
    expect(problems).toMatchObject([{ code, offset: TABLE + 8 }]);
  });

  test('takes the first of two SignerInfos and lists the second', () => {
    const { signatures, problems } = readSignatures(tableOf(buildSignature({ signerInfos: 2 })));
    expect(signatures).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'unsupported', message: 'more than one SignerInfo' }]);
  });

  test('goes four levels of nesting deep', () => {
    let signature = buildSignature();
    for (let depth = 0; depth < 6; depth++) signature = buildSignature(nested(signature));
    const { signatures, problems } = readSignatures(tableOf(signature));
    expect(signatures).toHaveLength(5);
    expect(problems).toMatchObject([{ code: 'too-deep' }]);
  });

  test('reads 64 signatures of a file and says that there are more', () => {
    const many = buildSignature(nested(...Array.from({ length: 80 }, () => buildSignature())));
    const { signatures, problems } = readSignatures(tableOf(many));
    expect(signatures).toHaveLength(64);
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 17 }, () => 'too-many'));
  });

  test('lists 100 problems of a file and says that there are more', () => {
    const certificates = Array.from({ length: 250 }, () => sequence());
    const { problems } = readSignatures(tableOf(buildSignature({ certificates })));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ code: 'too-many', message: 'more than 100 problems' });
  });

  test.each([
    { name: 'seven zeros', tail: '00000000000000', padding: { size: 7, isZero: true } },
    { name: 'text', tail: '68657921', padding: { size: 4, isZero: false } },
  ])('measures $name after the PKCS#7', ({ tail, padding }) => {
    const content = Buffer.concat([buildSignature(), Buffer.from(tail, 'hex')]);
    expect(readSignatures(tableOf(content)).signatures[0]?.padding).toEqual(padding);
  });

  test('names each image digest once', () => {
    const table = tableOf(
      buildSignature(sha1),
      buildSignature(),
      buildSignature(sha1),
      buildSignature({ digestOid: '1.2.3' }),
    );
    expect(digestAlgorithmsOf(readSignatures(table).signatures)).toEqual(['sha1', 'sha256']);
  });
});

describe('a real table, damaged', () => {
  const folder = path.join(import.meta.dirname, '../../../fixtures/pe');
  const digests = new Map(
    (['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const).map((name) => [name, '00']),
  );

  // An odd step, so that tags, lengths and contents are all hit over the two files.
  test.each([
    { file: 'glavsoft-sha1-pkcs9.exe', step: 13 },
    { file: 'dual-signed.exe', step: 17 },
  ])('$file gives signatures and problems for every cut and flipped byte', ({ file, step }) => {
    const bytes = readFileSync(path.join(folder, file));
    const layout = readPeLayout(new ByteReader(bytes), bytes.length);
    if (layout.certificateTable === null) expect.fail('no certificate table');
    const table = new ByteReader(bytes).slice(layout.certificateTable);

    let read = 0;
    const tried = sweep(
      table,
      (damaged) => {
        const found = readSignatures(
          readWinCertificates(new ByteReader(damaged), { offset: 0, size: table.length }),
        );
        for (const signature of found.signatures)
          verifySignature(signature, 0, digests, withoutRoots);
        expect(found.signatures.length + found.problems.length).toBeGreaterThan(0);
        read++;
      },
      step,
    );
    expect(read).toBe(tried);
  });
});

test('an explicit tag in place of the nested ContentInfo is a problem, not a crash', () => {
  const primary = buildSignature(nested(contextConstructed(0, garbage)));
  expect(readSignatures(tableOf(primary)).problems).toMatchObject([{ code: 'bad-value' }]);
});
