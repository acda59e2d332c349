import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { attemptParse } from '../../parsers/bytes/attempt-parse.ts';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { parseRootTrustList, type RootTrustList } from '../../parsers/x509/ctl.ts';
import { readRootName } from '../../parsers/x509/encoded-root-set.ts';
import { isMicrosoftRoot } from '../../parsers/x509/microsoft-roots.ts';
import { effectiveRestriction } from '../../parsers/x509/required-roots.ts';
import type { RootRestriction } from '../../parsers/x509/root-restrictions.ts';
import { readStoreBlob } from '../../parsers/x509/store-blob.ts';
import { ALL_USAGES, RootCollection, type RootSource } from './root-bundle.ts';

/** The machine's root stores: its own, the programme's, group policy's and the enterprise's. */
const STORES = [
  'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates',
  'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\Certificates',
  'HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\Certificates',
  'HKLM\\SOFTWARE\\Microsoft\\EnterpriseCertificates\\Root\\Certificates',
];
/** Where Windows keeps the authroot.stl that it has downloaded last. */
const TRUST_LIST = 'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate';

/** Bytes of hex text. 400 roots come to 2 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * The machine's trusted roots with the limits of Microsoft's programme; undefined off Windows, or where its stores cannot be
 * read. They are read from the registry: tls.getCACertificates('system') gives only those good for TLS servers.
 *
 * Windows fetches roots of the programme when they are first needed, so the store may lack some that it would trust.
 * Source: "CertOpenStore", CERT_STORE_PROV_SYSTEM and CERT_SYSTEM_STORE_LOCAL_MACHINE, for the places.
 */
export async function windowsRoots(query = queryRegistry): Promise<RootSource | undefined> {
  const answers = await Promise.all(STORES.map((store) => query(store, 'Blob')));
  const stores = rootsOf(answers.join('\n'));
  if (stores.length === 0) return undefined;
  return { ...toSource(stores, programmeOf(await query(TRUST_LIST, 'EncodedCtl'))) };
}

function toSource(encoded: readonly Uint8Array[], list: RootTrustList | undefined): RootSource {
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
    source: 'windows-store',
    path: 'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates',
    date: list?.thisUpdate ?? null,
    judges: true,
    roots: collection.roots(),
    restrictions,
    ...(list && { outsideProgramme: outside }),
  };
}

/** What is no root, or no certificate that we can read, is as if absent: the store is not ours to mend. */
function rootsOf(output: string): Uint8Array[] {
  return binaryValues(output).flatMap((blob) => {
    const root = attemptParse(() => {
      const certificate = readStoreBlob(blob);
      readRootName(certificate);
      new Certificate(certificate);
      return certificate;
    });
    return root ? [root] : [];
  });
}

function programmeOf(output: string): RootTrustList | undefined {
  const [list] = binaryValues(output);
  return list && attemptParse(() => parseRootTrustList(list));
}

/** The REG_BINARY values in what reg.exe printed. That word is the same in every language. */
function binaryValues(output: string): Uint8Array[] {
  return [...output.matchAll(/\sREG_BINARY\s+([0-9A-F]+)\s/gi)].map(
    ([, hex = '']) => new Uint8Array(Buffer.from(hex, 'hex')),
  );
}

/** The values of that name in `key` and below it, as reg.exe prints them; empty where there are none. */
async function queryRegistry(key: string, name: string): Promise<string> {
  if (process.platform !== 'win32') return '';
  // By its absolute path: a PATH can be anyone's.
  const reg = path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');
  try {
    const args = ['query', key, '/s', '/v', name, '/reg:64'];
    const { stdout } = await promisify(execFile)(reg, args, { maxBuffer: MAX_OUTPUT });
    return stdout;
  } catch {
    return ''; // reg.exe exits with 1 where nothing is found
  }
}
