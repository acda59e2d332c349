/**
 * `node build/bench/make-tree.ts FOLDER [FILES] [IMAGE_MEGABYTES]`: a tree to measure on, by default 200,000 small text
 * files and 1,200 MB of PE files, the same bytes every time. Signed fixtures are stretched by bytes after their
 * certificate table, so each costs all the work a real one does; their digests then differ from what was signed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readImages, stretched } from './stretched-images.ts';

const FILES_PER_FOLDER = 25;
const FOLDERS_PER_FOLDER = 20;
/** Bytes. Half of the files in a node_modules folder are smaller than the second one. */
const TEXT_SIZES = [120, 1400, 2600, 9000];
const IMAGE_SIZES = [40_000, 180_000, 600_000, 2_400_000];
const MEGABYTE = 1_000_000;

function makeTree(folder: string, files: number, imageMegabytes: number): void {
  const line = 'export const answer = 42; // a line of source text like many others\n';
  const text = Buffer.from(line.repeat(Math.ceil(Math.max(...TEXT_SIZES) / line.length)));
  for (let index = 0; index < files; index++) {
    const size = TEXT_SIZES[index % TEXT_SIZES.length] ?? 0;
    writeFileSync(placeOf(folder, 'text', index, '.js'), text.subarray(0, size));
  }
  const images = readImages();
  let bytes = 0;
  for (let index = 0; bytes < imageMegabytes * MEGABYTE; index++) {
    const image = images[index % images.length];
    if (image === undefined) break;
    const size = Math.max(image.length, IMAGE_SIZES[index % IMAGE_SIZES.length] ?? 0);
    writeFileSync(placeOf(folder, 'images', index, '.dll'), stretched(image, size, index));
    bytes += size;
  }
  console.log(`${files} text files and ${(bytes / MEGABYTE).toFixed(0)} MB of images in ${folder}`);
}

/** The path of file `index`: 25 to a folder, 20 folders to a folder. */
function placeOf(root: string, kind: string, index: number, extension: string): string {
  const folders: string[] = [];
  let rest = Math.floor(index / FILES_PER_FOLDER);
  while (rest > 0) {
    folders.unshift(`d${rest % FOLDERS_PER_FOLDER}`);
    rest = Math.floor(rest / FOLDERS_PER_FOLDER);
  }
  const folder = path.join(root, kind, ...folders);
  if (index % FILES_PER_FOLDER === 0) mkdirSync(folder, { recursive: true });
  return path.join(folder, `file-${index}${extension}`);
}

const [folder, files = '200000', megabytes = '1200'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: make-tree.ts FOLDER [FILES] [IMAGE_MEGABYTES]');
makeTree(path.resolve(folder), Number(files), Number(megabytes));
