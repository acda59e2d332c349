import { chmodSync, writeFileSync } from 'node:fs';
import { inject } from 'postject';
import { BLOB_NAME, FUSE } from './sea-blob.ts';
import { stripElf } from './strip-elf.ts';

/** Writes the Linux executable `out`: `node` without its symbols, with `blob` as a note, where Node looks for it. */
export async function writeLinuxExecutable(
  out: string,
  { node, blob }: { node: Uint8Array; blob: Uint8Array },
): Promise<void> {
  writeFileSync(out, stripElf(node));
  await inject(out, BLOB_NAME, Buffer.from(blob), { sentinelFuse: FUSE });
  chmodSync(out, 0o755);
}
