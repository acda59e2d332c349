import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readImages, stretched } from './stretched-images.ts';

export interface HostTreeSize {
  /** At least so many files of all kinds, in whole copies of the packages. */
  readonly files: number;
  /** PE files among them, spread over the copies. */
  readonly images: number;
}

/** Bytes. Larger files of the packages are left out: a scan reads the first 4 KB of each, whatever its size. */
const LARGEST_TEXT = 16 * 1024;
/** Bytes and how many of 50 images have them: 0.94 MB an image. */
const IMAGE_SIZES = [
  { size: 20_000, share: 14 },
  { size: 80_000, share: 14 },
  { size: 300_000, share: 12 },
  { size: 1_200_000, share: 6 },
  { size: 5_000_000, share: 3 },
  { size: 20_000_000, share: 1 },
];

/**
 * Makes `count` trees like a host's, `FOLDER/1`, `FOLDER/2`, ..., unless they are there: copies of the npm packages of
 * this checkout, PE files among them. The same bytes every time. Returns their paths.
 */
export function makeHostTrees(folder: string, count: number, size: HostTreeSize): string[] {
  const trees = Array.from({ length: count }, (_, index) => path.join(folder, `${index + 1}`));
  const packages = new Map<string, Buffer>();
  for (const tree of trees) {
    const mark = `${tree}.complete.json`; // beside the tree: written last
    if (existsSync(mark) && readFileSync(mark, 'utf8') === JSON.stringify(size)) continue;
    if (existsSync(tree)) throw new Error(`${tree}: not whole, or of another size: remove it`);
    if (packages.size === 0) readPackages(packages);
    console.log(`making ${tree}: ${size.files} files, ${size.images} images`);
    makeTree(tree, packages, size);
    writeFileSync(mark, JSON.stringify(size));
  }
  return trees;
}

function readPackages(packages: Map<string, Buffer>): void {
  const top = path.join(import.meta.dirname, '../../node_modules');
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(file).size <= LARGEST_TEXT)
      packages.set(path.relative(top, file), readFileSync(file));
  }
}

function makeTree(
  tree: string,
  packages: ReadonlyMap<string, Buffer>,
  { files, images }: HostTreeSize,
): void {
  const copies = Math.ceil((files - images) / packages.size);
  const sizes = IMAGE_SIZES.flatMap(({ size, share }) => Array<number>(share).fill(size));
  const originals = readImages();
  for (let copy = 0, image = 0; copy < copies; copy++) {
    const folder = path.join(tree, `project-${copy}`);
    for (const [name, bytes] of packages) write(path.join(folder, name), bytes);
    for (const end = Math.round(((copy + 1) * images) / copies); image < end; image++) {
      const original = originals[image % originals.length] ?? Buffer.alloc(0);
      const size = sizes[(image * 7) % sizes.length] ?? 0; // 7 and 50 share no factor: every size comes round
      write(path.join(folder, 'bin', `image-${image}.dll`), stretched(original, size, image));
    }
  }
}

let lastFolder = '';

function write(file: string, bytes: Buffer): void {
  const folder = path.dirname(file);
  if (folder !== lastFolder) mkdirSync(folder, { recursive: true });
  lastFolder = folder;
  writeFileSync(file, bytes);
}
