import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Bytes of the larger pieces of ballast. */
const LARGE = 64 * 1024;

/** A tmpfs of few bytes, gone when the tests of this file are done. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** undefined, with a loud line, where it cannot be mounted: only root may. In CI as root that is a failure. */
  static mount(folder: string, size: string): SmallDisk | undefined {
    mkdirSync(folder);
    try {
      const options = `size=${size},mode=0755`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
      if (process.env.CI && process.getuid?.() === 0) throw error;
      console.warn(`certsweep: cannot mount a small disk (${error}): full disks are LEFT OUT`);
      return undefined;
    }
    afterAll(() => execFileSync('umount', [folder]));
    return new SmallDisk(folder);
  }

  /** Takes what is left. */
  fill(): void {
    for (const size of [LARGE, 4096])
      for (let number = 0; ; number += 1) {
        const file = path.join(this.folder, `ballast-${size}-${number}`);
        try {
          writeFileSync(file, new Uint8Array(size));
        } catch {
          rmSync(file, { force: true });
          break; // full, which is what was wanted
        }
      }
  }

  free(): void {
    for (const name of readdirSync(this.folder))
      if (name.startsWith('ballast')) rmSync(path.join(this.folder, name));
  }

  /** What is on it beside the ballast. */
  names(): string[] {
    return readdirSync(this.folder).filter((name) => !name.startsWith('ballast'));
  }
}
