import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The PE files among the fixtures: signed, unsigned, damaged. */
export function readImages(): Buffer[] {
  const fixtures = path.join(import.meta.dirname, '../../fixtures/pe');
  const images = readdirSync(fixtures)
    .filter((name) => /\.(exe|dll)$/.test(name) && name !== 'mz-without-pe.exe')
    .map((name) => readFileSync(path.join(fixtures, name)));
  if (images.length === 0) throw new Error('no PE files among the fixtures');
  return images;
}

/**
 * The image with bytes after its end, up to `size` and different for every seed. Authenticode covers them, so the file
 * costs all the work that a real one of that size does; its digest then differs from what was signed.
 */
export function stretched(image: Buffer, size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(Math.max(size, image.length), `image ${seed} `);
  image.copy(bytes);
  return bytes;
}
