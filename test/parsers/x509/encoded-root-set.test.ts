import { describe, expect, test } from 'vitest';
import { toHex } from '../../../parsers/bytes/hex.ts';
import type { Certificate } from '../../../parsers/x509/certificate.ts';
import {
  type EncodedRoot,
  encodedRootSet,
  readRootName,
} from '../../../parsers/x509/encoded-root-set.ts';
import { sweep } from '../sweep.ts';
import { issue } from './test-authority.ts';

const root = issue('Root', undefined, { authority: true }).certificate;
const reissued = issue('Root', undefined, { authority: true }).certificate;
const other = issue('Other', undefined, { authority: true }).certificate;
const limit = { usages: ['time_stamping'] };

describe('encodedRootSet', () => {
  const roots = encodedRootSet([rootOf(root), rootOf(reissued)], {
    restrictions: new Map([[root.facts.sha1, limit]]),
    outsideProgramme: new Set([reissued.facts.sha1]),
  });

  test('has its roots, and no other of the same name', () => {
    const impostor = issue('Root', undefined, { authority: true }).certificate;
    expect([root, reissued, other, impostor].map(roots.has)).toEqual([true, true, false, false]);
    expect(roots.size).toBe(2);
  });

  test('finds every root of a name', () => {
    const found = roots.bySubject(root.subject).map(({ facts }) => facts.sha256);
    expect(found).toEqual([root.facts.sha256, reissued.facts.sha256]);
    expect(roots.bySubject(other.subject)).toEqual([]);
  });

  test('reads a root once', () => {
    expect(roots.bySubject(root.subject)[0]).toBe(roots.bySubject(root.subject)[0]);
  });

  test('knows limits and who is outside the programme', () => {
    expect(roots.restrictionOf(root)).toBe(limit);
    expect(roots.restrictionOf(reissued)).toBeUndefined();
    expect([root, reissued].map((it) => roots.isOutsideProgramme?.(it))).toEqual([false, true]);
  });

  test('leaves the programme open where its list is not at hand', () => {
    expect(encodedRootSet([], { restrictions: new Map() }).isOutsideProgramme).toBeUndefined();
  });

  test('is without a root whose later fields cannot be read', () => {
    const damaged = Uint8Array.from(root.encoded);
    const validity = Buffer.from(damaged).indexOf('150101000000Z');
    damaged[validity] = 0x78;
    const set = encodedRootSet([{ ...rootOf(root), encoded: damaged }], {
      restrictions: new Map(),
    });
    expect(set.bySubject(root.subject)).toEqual([]);
    expect(set.has(root)).toBe(false);
  });
});

describe('readRootName', () => {
  test('gives the whole Name element', () => {
    expect(readRootName(root.encoded)).toEqual(root.subject);
  });

  test.each([
    { name: 'a certificate that another issued', bytes: intermediate(), code: 'bad-value' },
    { name: 'bytes after the certificate', bytes: joined(), code: 'bad-length' },
    { name: 'nothing', bytes: new Uint8Array(), code: 'truncated' },
  ])('refuses $name', ({ bytes, code }) => {
    expect(() => readRootName(bytes)).toThrow(expect.objectContaining({ code }));
  });

  test('throws nothing but ParseError for damaged certificates', () => {
    expect(sweep(root.encoded, readRootName)).toBe(root.encoded.length * 4);
  });
});

function rootOf({ encoded }: Certificate): EncodedRoot {
  return { encoded, name: toHex(readRootName(encoded)) };
}

function intermediate(): Uint8Array {
  const authority = issue('Authority', issue('Root'), { authority: true });
  return authority.certificate.encoded;
}

function joined(): Uint8Array {
  return Uint8Array.from([...root.encoded, 0]);
}
