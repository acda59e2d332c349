import { describe, expect, test } from 'vitest';
import { OID } from '../../../parsers/der/oids.ts';
import { parseRootTrustList } from '../../../parsers/x509/ctl.ts';
import { sweep } from '../sweep.ts';
import { buildTrustList, filetimeOf, usagesOf } from './trust-list-builder.ts';

const thumbprint = 'ab'.repeat(20);
const friendlyName = { 11: Buffer.from('A root\0', 'utf16le') };

describe('parseRootTrustList reads', () => {
  test('the date and every root, with limits or without', () => {
    const other = 'cd'.repeat(20);
    const list = buildTrustList([{ thumbprint }, { thumbprint: other, properties: friendlyName }]);
    expect(parseRootTrustList(list)).toEqual({
      thisUpdate: '2026-04-22T10:00:00Z',
      roots: new Map([
        [thumbprint, {}],
        [other, {}],
      ]),
    });
  });

  test.each([
    {
      name: 'usages by their names, and by number where they have none',
      properties: { 9: usagesOf(OID.codeSigning, OID.timeStamping, '1.3.6.1.4.1.311.10.3.4') },
      limit: { usages: ['code_signing', 'time_stamping', '1.3.6.1.4.1.311.10.3.4'] },
    },
    {
      name: 'an empty list of usages as none',
      properties: { 9: usagesOf() },
      limit: { usages: [] },
    },
    {
      name: 'the date from which certificates do not count, for one usage',
      properties: { 126: filetimeOf('2019-10-01T00:00:00Z'), 127: usagesOf(OID.codeSigning) },
      limit: { notBefore: '2019-10-01T00:00:00Z', notBeforeUsages: ['code_signing'] },
    },
    {
      name: 'usages without that date as never good',
      properties: { 127: usagesOf(OID.codeSigning) },
      limit: { notBefore: '1601-01-01T00:00:00Z', notBeforeUsages: ['code_signing'] },
    },
    {
      name: 'the date from which the root is disabled',
      properties: { ...friendlyName, 104: filetimeOf('2016-04-19T12:30:00.500Z') },
      limit: { disallowedFrom: '2016-04-19T12:30:00.500Z' },
    },
    {
      name: 'usages that are disabled',
      properties: { 122: usagesOf(OID.serverAuth) },
      limit: { disallowedUsages: ['server_auth'] },
    },
  ])('$name', ({ properties, limit }) => {
    const { roots } = parseRootTrustList(buildTrustList([{ thumbprint, properties }]));
    expect(roots.get(thumbprint)).toEqual(limit);
  });
});

describe('parseRootTrustList refuses', () => {
  test.each([
    {
      name: 'a list of what must not be trusted',
      list: buildTrustList([{ thumbprint }], '1.3.6.1.4.1.311.10.3.30'),
      code: 'unsupported',
    },
    {
      name: 'roots that are named by another digest',
      list: buildTrustList([{ thumbprint: 'ab'.repeat(32) }]),
      code: 'unsupported',
    },
    {
      name: 'a date of the wrong size',
      list: buildTrustList([{ thumbprint, properties: { 104: Uint8Array.of(1) } }]),
      code: 'bad-length',
    },
    {
      name: 'a date past the year 9999',
      list: buildTrustList([{ thumbprint, properties: { 126: new Uint8Array(8).fill(255) } }]),
      code: 'bad-value',
    },
    {
      name: 'usages that cannot be read',
      list: buildTrustList([{ thumbprint, properties: { 122: Uint8Array.of(4, 0) } }]),
      code: 'bad-value',
    },
  ])('$name', ({ list, code }) => {
    expect(() => parseRootTrustList(list)).toThrow(
      expect.objectContaining({ name: 'ParseError', code }),
    );
  });

  test('damage everywhere, with a ParseError and nothing else', () => {
    const properties = {
      9: usagesOf(OID.codeSigning),
      104: filetimeOf('2016-04-19T00:00:00Z'),
      126: filetimeOf('2019-10-01T00:00:00Z'),
    };
    const list = buildTrustList([{ thumbprint, properties }]);
    expect(sweep(list, parseRootTrustList)).toBe(list.length * 4);
  });
});
