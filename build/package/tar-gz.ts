import { gzipSync } from 'node:zlib';
import type { ArchiveFile } from './archive-file.ts';

const BLOCK = 512;
const CHECKSUM = { offset: 148, size: 8 } as const;

/**
 * A .tar.gz of `files`, all of them root's and of the time `time`: the same files give the same bytes. Source: POSIX.1-1988, "ustar".
 */
export function tarGz(files: readonly ArchiveFile[], time: Date): Uint8Array {
  const blocks = files.flatMap((file) => [
    tarHeader(file, time),
    file.bytes,
    Buffer.alloc(-file.bytes.length & (BLOCK - 1)),
  ]);
  const end = Buffer.alloc(2 * BLOCK);
  return gzipSync(Buffer.concat([...blocks, end]), { level: 9 }); // zlib leaves the time in its header 0
}

function tarHeader({ name, bytes, mode }: ArchiveFile, time: Date): Uint8Array {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new Error(`a tar header has no room for ${name}`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, size: number) =>
    header.write(`${value.toString(8).padStart(size - 1, '0')}\0`, offset, 'latin1');
  header.write(name, 0, 'latin1');
  octal(mode, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(bytes.length, 124, 12);
  octal(Math.floor(time.getTime() / 1000), 136, 12);
  header.write('0', 156, 'latin1'); // a regular file
  header.write('ustar\x0000root', 257, 'latin1');
  header.write('root', 297, 'latin1');
  header.fill(' ', CHECKSUM.offset, CHECKSUM.offset + CHECKSUM.size); // counted as spaces
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM.offset, 'latin1');
  return header;
}
