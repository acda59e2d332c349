import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { dotnetRoots } from '../../../agent/trust/dotnet-roots.ts';
import { readRootFiles } from '../../../agent/trust/root-files.ts';
import { rootSources } from '../../../agent/trust/root-sources.ts';
import { readRootStore, rootStoreFolder, writeRootStore } from '../../../agent/trust/root-store.ts';
import { tlsRoots } from '../../../agent/trust/tls-roots.ts';
import { issue } from '../../parsers/x509/test-authority.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { toPem } from './to-pem.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const root = issue('Root', undefined, { authority: true }).certificate;
const limits = {
  usages: ['code_signing'],
  not_before: '2019-10-01',
  not_before_usages: ['code_signing'],
  disallowed_from: '2023-02-01',
  disallowed_usages: ['time_stamping'],
};
writeTree(folder, {
  'given/codesignctl.pem': toPem(root.encoded),
  'given/root-restrictions.json': JSON.stringify({ roots: { [root.facts.sha1]: limits } }),
});

if (process.platform === 'win32')
  console.warn('certsweep: the folders of POSIX systems are not tested on Windows: LEFT OUT');

describe('the store of imported roots', () => {
  const store = at('store/below');

  test('gives back what was put there, and only its owner can read it', () => {
    const bundle = readRootFiles([at('given')]);
    const file = writeRootStore(store, bundle, [at('given')]);
    expect(readRootStore(store)).toMatchObject({
      source: 'imported',
      path: file,
      date: bundle.date,
      judges: true,
      roots: [{ encoded: root.encoded, usages: ['code_signing'] }],
      restrictions: bundle.restrictions,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(store).mode & 0o777).toBe(0o700);
    expect(readdirSync(store)).toEqual(['roots.json']);
  });

  test('is refused where others can write it', () => {
    const file = writeRootStore(at('open'), readRootFiles([at('given')]), []);
    chmodSync(file, 0o620);
    expect(() => readRootStore(at('open'))).toThrow(`chmod 600 ${file}`);
  });

  test.each([
    { name: 'what is no JSON', change: () => '{' },
    { name: 'other JSON', change: () => '[]' },
    { name: 'a later format', change: (text: string) => text.replace('roots 1', 'roots 2') },
    {
      name: 'a certificate cut short',
      change: (text: string) => text.replace('"der":"MII', '"der":"'),
    },
    { name: 'a root without usages', change: (text: string) => text.replace('"usages"', '"x"') },
  ])('is refused when it holds $name', ({ change }) => {
    const file = writeRootStore(at('damaged'), readRootFiles([at('given')]), []);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(() => readRootStore(at('damaged'))).toThrow(
      expect.objectContaining({ name: 'CommandError', message: expect.stringContaining(file) }),
    );
  });

  test('is nothing where nothing was imported', () => {
    expect(readRootStore(at('absent'))).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32').each([
    { name: '--store', given: '/srv/roots', data: '/data', place: '/srv/roots' },
    { name: 'XDG_DATA_HOME', given: undefined, data: '/data', place: '/data/certsweep' },
    {
      name: 'the home folder, since a relative XDG_DATA_HOME does not count,',
      given: undefined,
      data: 'data',
      place: path.join(homedir(), '.local/share/certsweep'),
    },
  ])('lies where $name says', ({ given, data, place }) => {
    expect(rootStoreFolder(given, { XDG_DATA_HOME: data })).toBe(place);
  });

  describe.skipIf(process.platform === 'win32')('is never in the current directory', () => {
    afterEach(() => vi.unstubAllEnvs());

    test.each(['', 'home', '.'])('where HOME is "%s"', (home) => {
      vi.stubEnv('HOME', home);
      expect(rootStoreFolder(undefined, {})).toBeUndefined();
    });
  });
});

describe("the .NET SDK's roots", () => {
  const pem = toPem(root.encoded);
  const sdk = (name: string, version: string) => ({
    [`${name}/sdk/${version}/trustedroots/codesignctl.pem`]: pem,
    [`${name}/sdk/${version}/trustedroots/timestampctl.pem`]: pem,
  });

  test('come from the newest that has them', () => {
    writeTree(folder, {
      ...sdk('dotnet', '9.0.301'),
      ...sdk('dotnet', '10.0.100'),
      'dotnet/sdk/11.0.100/trustedroots/codesignctl.pem': pem,
      'dotnet/sdk/NuGetFallbackFolder/x': '',
    });
    expect(dotnetRoots({ DOTNET_ROOT: at('dotnet') })).toMatchObject({
      source: 'dotnet-sdk 10.0.100',
      path: at('dotnet/sdk/10.0.100/trustedroots'),
      judges: true,
      roots: [{ usages: ['code_signing', 'time_stamping'] }],
    });
  });

  test.each(['', '/sdk'])('are absent where there is no SDK: %j', (below) => {
    writeTree(folder, { 'runtime/shared/x': '' });
    expect(dotnetRoots({ DOTNET_ROOT: at(`runtime${below}`) })).toBeUndefined();
  });
});

test("Node's TLS roots are many, and do not judge", async () => {
  const source = await tlsRoots();
  expect(source).toMatchObject({ source: 'tls-roots', judges: false });
  expect(source.roots.length).toBeGreaterThan(100);
});

describe('rootSources', () => {
  test('asks first what was given, then what was imported, and last for TLS roots', async () => {
    writeRootStore(at('mine'), readRootFiles([at('given')]), []);
    const sources: string[] = [];
    for await (const { source } of rootSources({ roots: [at('given')], store: at('mine') }))
      sources.push(source);
    expect(sources.slice(0, 2)).toEqual([`roots:${at('given')}`, 'imported']);
    expect(sources.at(-1)).toBe('tls-roots');
  });

  test('does not pass over a store that was named and is empty', async () => {
    await expect(rootSources({ store: at('absent') }).next()).rejects.toThrow(
      `--store ${at('absent')}: nothing was imported there`,
    );
  });
});
