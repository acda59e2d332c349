import { gunzipSync } from 'node:zlib';

const BLOCK = 512;
/** Bytes that a package may have when unpacked: a Node runtime has 160 MB. */
const MAX_SIZE = 256 * 1024 * 1024;
const REGULAR_FILE = ['0', '\0'];

/**
 * The bytes of one file of a .tgz from npm; undefined where it has no such file. `name` is as npm writes it, with `package/`
 * before it. Source: POSIX.1-1988 "ustar"; extended headers (pax) are passed over, no name here is long enough for one.
 */
export function readTarballMember(tarball: Uint8Array, name: string): Uint8Array | undefined {
  const tar = gunzipSync(tarball, { maxOutputLength: MAX_SIZE });
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) return undefined; // two blocks of zeros end the archive
    const size = Number.parseInt(field(header, 124, 12), 8);
    const start = at + BLOCK;
    if (!(size >= 0 && start + size <= tar.length)) throw new Error(`a bad size at ${at}`);
    const prefix = field(header, 345, 155);
    const path = (prefix === '' ? '' : `${prefix}/`) + field(header, 0, 100);
    const type = String.fromCharCode(header[156] ?? 0);
    if (path === name && REGULAR_FILE.includes(type)) return tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

/** Text up to the first zero. */
function field(header: Buffer, offset: number, size: number): string {
  const [text = ''] = header.toString('latin1', offset, offset + size).split('\0');
  return text.trim();
}
