import { hash } from 'node:crypto';
import { attemptParse } from '../../parsers/bytes/attempt-parse.ts';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { parseRootTrustList, type RootTrustList } from '../../parsers/x509/ctl.ts';
import { readRootName } from '../../parsers/x509/encoded-root-set.ts';
import { isMicrosoftRoot } from '../../parsers/x509/microsoft-roots.ts';
import { effectiveRestriction } from '../../parsers/x509/required-roots.ts';
import type { RootRestriction } from '../../parsers/x509/root-restrictions.ts';
import { readStoreBlob } from '../../parsers/x509/store-blob.ts';
import { ALL_USAGES, RootCollection, type RootSource } from './root-bundle.ts';

/**
 * A machine's root stores, as keys below HKLM\SOFTWARE: its own, the programme's, group policy's and the enterprise's. Each
 * has a key for each certificate, with a value `Blob`.
 * Source: "CertOpenStore", CERT_STORE_PROV_SYSTEM and CERT_SYSTEM_STORE_LOCAL_MACHINE.
 */
export const ROOT_STORES = [
  'Microsoft\\SystemCertificates\\ROOT\\Certificates',
  'Microsoft\\SystemCertificates\\AuthRoot\\Certificates',
  'Policies\\Microsoft\\SystemCertificates\\Root\\Certificates',
  'Microsoft\\EnterpriseCertificates\\Root\\Certificates',
];
export const ROOT_BLOB = 'Blob';
/** Where Windows keeps the authroot.stl that it has downloaded last, as value `EncodedCtl`. */
export const TRUST_LIST_KEY = 'Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate';
export const TRUST_LIST_VALUE = 'EncodedCtl';

/** What a registry, of this machine or of an image, holds of trust. */
export interface RegistryRoots {
  /** The Blobs of all root stores. */
  readonly blobs: readonly Uint8Array[];
  /** The EncodedCtl, undefined where there is none. */
  readonly trustList: Uint8Array | undefined;
}

/**
 * The roots in the stores with the limits of Microsoft's programme; undefined where there are none. What is no root, or no
 * certificate that we can read, is as if absent: the store is not ours to mend.
 *
 * Windows fetches roots of the programme when they are first needed, so a store may lack some that it would trust.
 */
export function registryRoots(
  { blobs, trustList }: RegistryRoots,
  name: Pick<RootSource, 'source' | 'path'>,
): RootSource | undefined {
  const encoded = blobs.flatMap((blob) => attemptParse(() => [rootOf(blob)]) ?? []);
  if (encoded.length === 0) return undefined;
  const list = trustList && attemptParse(() => parseRootTrustList(trustList));
  return { ...name, judges: true, ...judgedBy(list, encoded) };
}

function judgedBy(list: RootTrustList | undefined, encoded: readonly Uint8Array[]) {
  const collection = new RootCollection();
  const restrictions = new Map<string, RootRestriction>();
  const outside = new Set<string>();
  for (const root of encoded) {
    collection.add(root, ALL_USAGES);
    const thumbprint = hash('sha1', root);
    const limit = list?.roots.get(thumbprint);
    const certificate = new Certificate(root);
    if (limit) restrictions.set(thumbprint, effectiveRestriction(certificate, limit));
    else if (!isMicrosoftRoot(certificate)) outside.add(thumbprint);
  }
  return {
    date: list?.thisUpdate ?? null,
    roots: collection.roots(),
    restrictions,
    ...(list && { outsideProgramme: outside }),
  };
}

function rootOf(blob: Uint8Array): Uint8Array {
  const certificate = readStoreBlob(blob);
  readRootName(certificate);
  new Certificate(certificate);
  return certificate;
}
