import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  ROOT_BLOB,
  ROOT_STORES,
  registryRoots,
  TRUST_LIST_KEY,
  TRUST_LIST_VALUE,
} from './registry-roots.ts';
import type { RootSource } from './root-bundle.ts';

const SOFTWARE = 'HKLM\\SOFTWARE';
/** Bytes of hex text. 400 roots come to 2 MB. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * This machine's trusted roots with the limits of Microsoft's programme; undefined off Windows, or where its stores cannot be
 * read. They are read from the registry: tls.getCACertificates('system') gives only those good for TLS servers.
 */
export async function windowsRoots(query = queryRegistry): Promise<RootSource | undefined> {
  const stores = ROOT_STORES.map((store) => query(`${SOFTWARE}\\${store}`, ROOT_BLOB));
  const blobs = binaryValues((await Promise.all(stores)).join('\n'));
  const [trustList] = binaryValues(await query(`${SOFTWARE}\\${TRUST_LIST_KEY}`, TRUST_LIST_VALUE));
  const path = `${SOFTWARE}\\Microsoft\\SystemCertificates`;
  return registryRoots({ blobs, trustList }, { source: 'windows-store', path });
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
