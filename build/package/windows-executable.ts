import { NtExecutable, NtExecutableResource } from 'pe-library';
import { type FileVersion, versionInfo } from '../fixtures/version-resource.ts';
import { drawIcon, iconGroup } from './icon.ts';
import type { Program } from './programs.ts';
import { BLOB_NAME, FUSE } from './sea-blob.ts';
import { windowsManifest } from './windows-manifest.ts';

/** Resource types. Source: winuser.h, RT_ICON and so on. */
const RT = { icon: 3, rcData: 10, groupIcon: 14, version: 16, manifest: 24 } as const;
const NEUTRAL = 0;
const ENGLISH = 0x0409;

/** What Node's own executable has of these describes Node. */
const replaced: readonly unknown[] = [RT.icon, RT.groupIcon, RT.version, RT.manifest];

export interface WindowsParts {
  /** Node for Windows, as published: signed. */
  readonly node: Uint8Array;
  readonly blob: Uint8Array;
  readonly program: Program;
  /** As package.json has it. */
  readonly version: string;
}

/**
 * The Windows executable: `node` without its signature, which would be a broken one, with `blob` as a resource, where Node looks for it,
 * and with a name, version, icon and manifest of its own. The checksum of the header is right again.
 */
export function windowsExecutable({ node, blob, program, version }: WindowsParts): Uint8Array {
  const image = NtExecutable.from(withBlob(node), { ignoreCert: true }); // generate() leaves the signature out
  const resources = NtExecutableResource.from(image);
  resources.entries = resources.entries.filter(({ type }) => !replaced.includes(type));
  const add = (type: number, id: number | string, lang: number, bytes: Uint8Array): void =>
    resources.replaceResourceEntry({ type, id, lang, codepage: 0, bin: arrayBuffer(bytes) });

  add(RT.rcData, BLOB_NAME, NEUTRAL, blob);
  add(RT.manifest, 1, ENGLISH, Buffer.from(windowsManifest));
  add(RT.version, 1, ENGLISH, versionOf(program, version));
  const icons = drawIcon();
  for (const [index, { bytes }] of icons.entries()) add(RT.icon, index + 1, ENGLISH, bytes);
  add(RT.groupIcon, 1, ENGLISH, iconGroup(icons));
  resources.outputResource(image);
  return new Uint8Array(image.generate());
}

/** Node looks for a blob only where the one marker in its bytes says so. */
function withBlob(node: Uint8Array): Uint8Array {
  const bytes = Buffer.from(node); // a copy
  const at = bytes.indexOf(`${FUSE}:0`);
  if (at === -1 || bytes.indexOf(FUSE, at + 1) !== -1)
    throw new Error('this node.exe has not one marker for a single executable application');
  bytes.write('1', at + FUSE.length + 1, 'latin1');
  return bytes;
}

function versionOf({ name, description }: Program, version: string): Uint8Array {
  const parts = [...version.split('.').map(Number), 0, 0, 0, 0].slice(0, 4);
  return versionInfo(
    {
      CompanyName: 'The certsweep authors',
      FileDescription: description,
      FileVersion: version,
      LegalCopyright: 'Apache-2.0; with Node.js and others, see the command `licenses`',
      OriginalFilename: `${name}.exe`,
      ProductName: 'certsweep',
      ProductVersion: version,
    },
    parts as unknown as FileVersion,
  );
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
