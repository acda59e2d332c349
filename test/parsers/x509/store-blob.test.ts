import { expect, test } from 'vitest';
import { readStoreBlob } from '../../../parsers/x509/store-blob.ts';
import { sweep } from '../sweep.ts';
import { storeBlob } from './store-blob-builder.ts';

const certificate = Uint8Array.of(0x30, 2, 5, 0);
const thumbprint = new Uint8Array(20).fill(0xab);

test('readStoreBlob finds the certificate among the properties', () => {
  const blob = storeBlob([
    [3, thumbprint],
    [11, Buffer.from('A root\0', 'utf16le')],
    [32, certificate],
    [20, thumbprint],
  ]);
  expect(readStoreBlob(blob)).toEqual(certificate);
});

test.each([
  { name: 'an entry without a certificate', blob: storeBlob([[3, thumbprint]]) },
  { name: 'nothing', blob: new Uint8Array() },
  { name: 'a certificate that is cut off', blob: storeBlob([[32, certificate]]).subarray(0, 14) },
])('readStoreBlob refuses $name', ({ blob }) => {
  expect(() => readStoreBlob(blob)).toThrow(expect.objectContaining({ code: 'truncated' }));
});

test('readStoreBlob throws nothing but ParseError for damaged entries', () => {
  const blob = storeBlob([
    [3, thumbprint],
    [32, certificate],
  ]);
  expect(sweep(blob, readStoreBlob)).toBe(blob.length * 4);
});
