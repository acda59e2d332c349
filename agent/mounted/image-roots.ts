import type { RegistryHive } from '../../parsers/registry/registry-hive.ts';
import type { RegistryKey } from '../../parsers/registry/registry-key.ts';
import {
  type RegistryRoots,
  ROOT_BLOB,
  ROOT_STORES,
  registryRoots,
  TRUST_LIST_KEY,
  TRUST_LIST_VALUE,
} from '../trust/registry-roots.ts';
import type { RootSource } from '../trust/root-bundle.ts';
import { bytesOf, readHive } from './image-hive.ts';
import { hiveFile, type MountedImage } from './mounted-image.ts';

/** The roots of an image, or why there are none. */
export type ImageRoots =
  | { readonly kind: 'found'; readonly source: RootSource; readonly isDirty: boolean }
  | { readonly kind: 'none'; readonly why: string };

/** The machine root stores in the SOFTWARE hive, all of them or none: half a set of roots would judge wrongly. */
export function imageRoots(image: MountedImage): ImageRoots {
  const file = hiveFile(image, 'SOFTWARE');
  if (file === undefined) return { kind: 'none', why: 'it has no SOFTWARE hive' };
  const reading = readHive(file, storesIn);
  const path = image.paths.show(file);
  if (reading.kind === 'unreadable') return { kind: 'none', why: `${path}: ${reading.why}` };
  const source = registryRoots(reading.value, { source: 'image-store', path });
  return source === undefined
    ? { kind: 'none', why: `${path} holds no trusted root` }
    : { kind: 'found', source, isDirty: reading.isDirty };
}

function storesIn({ root }: RegistryHive): RegistryRoots {
  const blobs = ROOT_STORES.flatMap((store) => blobsIn(root.key(store)));
  return { blobs, trustList: bytesOf(root.key(TRUST_LIST_KEY)?.value(TRUST_LIST_VALUE)) };
}

function blobsIn(store: RegistryKey | undefined): Uint8Array[] {
  const entries = store === undefined ? [] : [...store.subkeys()];
  return entries.flatMap((entry) => bytesOf(entry.value(ROOT_BLOB)) ?? []);
}
