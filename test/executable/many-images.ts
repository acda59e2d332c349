import { peBytes } from '../agent/pe-bytes.ts';
import { writeTree } from '../agent/temporary-folder.ts';

/** Writes so many unsigned images below `folder`, each with hashes of its own: some 1,500 characters of records each. */
export function writeImages(folder: string, count: number): void {
  const sizes = Array.from({ length: count }, (_, index) => 1024 + index);
  const files = sizes.map((size) => [`${size % 40}/${size}.exe`, peBytes({ size })] as const);
  writeTree(folder, Object.fromEntries(files));
}
