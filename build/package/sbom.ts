import type { ShippedPackage } from '../../parsers/licenses/third-party-licenses.ts';
import type { Commit } from './commit.ts';
import type { Program } from './programs.ts';
import type { Runtime } from './runtime.ts';

export interface SbomParts {
  readonly program: Program;
  readonly version: string;
  readonly commit: Commit;
  readonly packages: readonly ShippedPackage[];
  readonly runtimes: readonly Runtime[];
}

/**
 * The bill of materials of one program on all platforms: the npm packages of which something is inside, and Node. Source: CycloneDX 1.6,
 * "JSON reference". It has no serial number, which would be another one each time.
 */
export function sbom({ program, version, commit, packages, runtimes }: SbomParts): string {
  const own = `pkg:generic/${program.name}@${version}`;
  const components = [
    ...packages.map((each) => npmComponent({ ...each, type: 'library' })),
    ...runtimes.map(({ name, version, integrity }) =>
      npmComponent({ type: 'platform', name, version, license: 'MIT', integrity }),
    ),
  ];
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: commit.time.toISOString(),
      component: {
        type: 'application',
        'bom-ref': own,
        name: program.name,
        version,
        description: program.description,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        ...(commit.name === undefined
          ? {}
          : { properties: [{ name: 'certsweep:commit', value: commit.name }] }),
      },
    },
    components,
    dependencies: [{ ref: own, dependsOn: components.map((each) => each['bom-ref']) }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

interface NpmPackage {
  readonly type: 'library' | 'platform';
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
}

function npmComponent({ type, name, version, license, integrity }: NpmPackage) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type,
    'bom-ref': purl,
    name,
    version,
    hashes: [{ alg: 'SHA-512', content: sha512(integrity) }],
    licenses: [{ license: { id: license } }],
    purl,
  };
}

/** Subresource integrity as hexadecimal digits. */
function sha512(integrity: string): string {
  const [algorithm, digest = ''] = integrity.split('-');
  if (algorithm !== 'sha512') throw new Error(`package-lock.json pins by ${algorithm}, not sha512`);
  return Buffer.from(digest, 'base64').toString('hex');
}
