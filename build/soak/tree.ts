import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const images = path.join(import.meta.dirname, '../../fixtures/pe');

/** The absolute paths of what a sweep of the tree must find, one record each. */
export interface SoakTree {
  readonly root: string;
  readonly flagged: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

/** Copies of one file that is flagged and one that is not, each with one signature. */
export function makeTree(root: string, flagged: number, others: number): SoakTree {
  const copies = (image: string, count: number) => {
    const bytes = readFileSync(path.join(images, image));
    return new Set(
      Array.from({ length: count }, (_, index) => {
        const file = path.join(root, `${index % 10}`, `${index} ${image}`);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, bytes);
        return file;
      }),
    );
  };
  return {
    root,
    flagged: copies('glavsoft-sha256-rfc3161.exe', flagged),
    others: copies('signed-pe32.exe', others),
  };
}
