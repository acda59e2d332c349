import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { countRoots } from '../../../agent/trust/root-bundle.ts';
import { readRootFiles } from '../../../agent/trust/root-files.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { issue } from '../../parsers/x509/test-authority.ts';
import { buildTrustList, filetimeOf, usagesOf } from '../../parsers/x509/trust-list-builder.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { toPem } from './to-pem.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const [first, second, third] = ['First', 'Second', 'Third'].map((name) => {
  const { certificate } = issue(name, undefined, { authority: true });
  return { encoded: certificate.encoded, thumbprint: certificate.facts.sha1 };
}) as [Root, Root, Root];
const authority = issue('Authority', issue('Root'), { authority: true }).certificate;

interface Root {
  readonly encoded: Uint8Array;
  readonly thumbprint: string;
}

/** Which root serves what: numbers of the roots above. */
function usagesIn(places: readonly string[]): Record<string, number[]> {
  const { roots } = readRootFiles(places.map(at));
  const numbers = (usage: string) =>
    roots
      .filter(({ usages }) => usages.some((one) => one === usage))
      .map(({ encoded }) =>
        [first, second, third].findIndex((root) => Buffer.compare(root.encoded, encoded) === 0),
      );
  return { code: numbers('code_signing'), time: numbers('time_stamping') };
}

writeTree(folder, {
  'sdk/codesignctl.pem': toPem(first.encoded, second.encoded),
  'sdk/timestampctl.pem': toPem(second.encoded, third.encoded),
  'sdk/README.md': 'no root',
  'mixed/a.crt': first.encoded,
  'mixed/b.crt': toPem(second.encoded),
  'mixed/c.pem': `# Second, once more\n${toPem(second.encoded)}`,
  'mixed/below/d.crt': third.encoded,
  'limited/a.crt': first.encoded,
  'limited/root-restrictions.json': JSON.stringify({
    roots: { [first.thumbprint]: { usages: ['time_stamping'] } },
  }),
});

describe('readRootFiles', () => {
  test.each([
    {
      name: 'keeps apart the two files of the SDK',
      places: ['sdk'],
      usages: { code: [0, 1], time: [1, 2] },
    },
    {
      name: 'keeps them apart also where they are named one by one',
      places: ['sdk/codesignctl.pem', 'sdk/timestampctl.pem'],
      usages: { code: [0, 1], time: [1, 2] },
    },
    {
      name: 'takes other files for both purposes, DER or PEM, each root once, nothing from folders below',
      places: ['mixed'],
      usages: { code: [0, 1], time: [0, 1] },
    },
    {
      name: 'brings together what is given in several places',
      places: ['sdk/timestampctl.pem', 'mixed/b.crt'],
      usages: { code: [1], time: [1, 2] },
    },
  ])('$name', ({ places, usages }) => {
    expect(usagesIn(places)).toEqual(usages);
  });

  test.each(['limited', 'limited/a.crt'])('applies the limits that stand beside %s', (place) => {
    const bundle = readRootFiles([at(place)]);
    expect([...bundle.restrictions]).toEqual([[first.thumbprint, { usages: ['time_stamping'] }]]);
    expect(countRoots(bundle, 'code_signing')).toBe(0);
    expect(countRoots(bundle, 'time_stamping')).toBe(1);
  });

  test.each([
    { name: 'a place that is not there', file: 'absent', says: 'cannot read FILE: ENOENT' },
    { name: 'an empty file', file: 'empty.pem', content: '', says: 'FILE: empty' },
    { name: 'text', file: 'text.pem', content: 'hello', says: 'FILE: no certificate in it' },
    { name: 'a key', file: 'key.pem', content: toKey(), says: 'FILE: no certificate in it' },
    {
      name: 'an authority that another one certified',
      file: 'bundle.pem',
      content: toPem(first.encoded, authority.encoded),
      says: 'FILE, certificate 2: not a root: another authority issued it',
    },
    {
      name: 'a bundle that is cut off',
      file: 'cut.pem',
      content: toPem(first.encoded).slice(0, -20),
      says: 'FILE: BEGIN CERTIFICATE has no END (truncated at 0)',
    },
    {
      name: 'a certificate that is cut off',
      file: 'cut.crt',
      content: first.encoded.subarray(0, 100),
      says: 'FILE: sequence of ',
    },
    {
      name: 'limits that cannot be read',
      file: 'bad/a.crt',
      content: first.encoded,
      beside: { 'bad/root-restrictions.json': '{"roots": {"12": {}}}' },
      says: 'root-restrictions.json: root restrictions: 12 is no SHA-1 thumbprint',
    },
    {
      name: 'a folder without roots',
      file: 'none',
      beside: { 'none/readme.txt': '' },
      says: 'FILE: no .pem, .crt, .cer, .der or .stl file in it',
    },
  ])('refuses $name and says where', ({ file, content, beside = {}, says }) => {
    writeTree(folder, { ...(content !== undefined && { [file]: content }), ...beside });
    expect(() => readRootFiles([at(file)])).toThrow(
      expect.objectContaining({
        name: 'CommandError',
        message: expect.stringContaining(says.replace('FILE', at(file))),
      }),
    );
  });
});

describe('readRootFiles with an authroot.stl', () => {
  const list = buildTrustList([
    { thumbprint: first.thumbprint, properties: { 9: usagesOf(OID.codeSigning) } },
    {
      thumbprint: second.thumbprint,
      properties: { 104: filetimeOf('2020-01-01T00:00:00Z') },
    },
    { thumbprint: 'ab'.repeat(20) },
  ]);
  writeTree(folder, {
    'update/authroot.stl': list,
    [`update/${first.thumbprint}.crt`]: first.encoded,
    [`update/${second.thumbprint}.crt`]: second.encoded,
    [`update/${third.thumbprint}.crt`]: third.encoded,
    'alone/authroot.stl': list,
    'other/disallowedcert.stl': buildTrustList([], '1.3.6.1.4.1.311.10.3.30'),
  });

  test('takes the roots that it names, with its limits and its date, and counts the others', () => {
    const bundle = readRootFiles([at('update')]);
    expect(bundle.list).toEqual({ named: 3, missing: 1, unnamed: 1 });
    expect(bundle.date).toBe('2026-04-22T10:00:00Z');
    expect(new Map(bundle.restrictions)).toEqual(
      new Map([
        [first.thumbprint, { usages: ['code_signing'] }],
        [second.thumbprint, { disallowedFrom: '2020-01-01T00:00:00Z' }],
      ]),
    );
    expect(countRoots(bundle, 'code_signing')).toBe(2);
    expect(countRoots(bundle, 'time_stamping')).toBe(1);
  });

  test('takes its certificates from elsewhere, too', () => {
    expect(readRootFiles([at('alone'), at('mixed')]).roots).toHaveLength(2);
  });

  test.each([
    { name: 'without its certificates', places: ['alone'], says: 'none of the 3 roots' },
    { name: 'twice', places: ['update', 'alone'], says: 'a second trust list' },
    { name: 'of what is distrusted', places: ['other'], says: 'a trust list of another purpose' },
  ])('refuses one $name', ({ places, says }) => {
    expect(() => readRootFiles(places.map(at))).toThrow(says);
  });

  test.skipIf(!haveShared())(
    'leaves without dates the roots that Windows cannot do without',
    () => {
      const bundle = path.join(sharedFolder, 'roots', 'timestampctl.pem');
      const thawte = 'be36a4562fb2ee05dbb3d32323adf445084ed656';
      const microsoft = 'a43489159a520f0d93d032ccaf37e7fe20a8b419';
      const sectigo = 'e12dfb4b41d7d9c32b30514bac1d81d8385e2d46';
      const properties = {
        9: usagesOf(OID.timeStamping),
        104: filetimeOf('2016-04-19T00:00:00Z'),
      };
      const dated = [thawte, microsoft, sectigo].map((thumbprint) => ({ thumbprint, properties }));
      writeTree(folder, {
        'legacy/authroot.stl': buildTrustList(dated),
        'legacy/bundle.pem': readFileSync(bundle),
      });
      const { restrictions } = readRootFiles([at('legacy')]);
      expect(restrictions.get(thawte)).toEqual({ usages: ['time_stamping'] });
      expect(restrictions.get(microsoft)).toEqual({ usages: ['time_stamping'] });
      expect(restrictions.get(sectigo)?.disallowedFrom).toBe('2016-04-19T00:00:00Z');
    },
  );
});

test.skipIf(!haveShared())('readRootFiles reads the roots of the .NET SDK', () => {
  const bundle = readRootFiles([path.join(sharedFolder, 'roots')]);
  expect(bundle.roots).toHaveLength(371);
  expect(countRoots(bundle, 'code_signing')).toBe(307);
  expect(countRoots(bundle, 'time_stamping')).toBe(326);
});

function toKey(): string {
  return '-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n';
}
