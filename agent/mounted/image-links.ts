import { type Dirent, lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { fsPath, pathFromBytes } from '../walk/disk-path.ts';
import type { ResolveLink } from '../walk/linked-places.ts';
import { findEntry } from './find-inside.ts';
import type { MountedImage } from './mounted-image.ts';

/** Links on one way. Source: path_resolution(7), which has the same limit. */
const MAX_LINKS = 40;
/** `C:\`, also with the marks that stand before it in a junction: `\??\` or `\\?\`, as a mount may show them. */
const ON_DRIVE = /^(?:[\\/]{1,2}\?{1,2}[\\/])?([A-Za-z]):(?=[\\/]|$)/;

/**
 * Follows links as the image's own system would: what is absolute begins at the top of the image, `..` never leads above it.
 * undefined for a link to another drive, to a share or, in an image of Windows, to a path of this machine.
 */
export function imageLinks(image: MountedImage): ResolveLink {
  return (link) => {
    const below = path.relative(image.folder, link).split(path.sep);
    return followInside(image, below);
  };
}

/** The place on disk of `names` below the top of the image, its links followed like this. Throws the system's errors. */
export function followInside(image: MountedImage, names: readonly string[]): string | undefined {
  return new LinkWalk(image).follow(names);
}

/** One way through the image, link by link. */
class LinkWalk {
  readonly #image: MountedImage;
  readonly #isWindows: boolean;
  #place: string[] = [];
  #links = 0;

  constructor(image: MountedImage) {
    this.#image = image;
    this.#isWindows = image.top !== '/';
  }

  /** Names are looked for in any case in an image of Windows, as Windows does. */
  follow(names: readonly string[]): string | undefined {
    const pending = names.toReversed();
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        this.#place.pop();
        continue;
      }
      const whole = this.#find(name);
      if (!lstatSync(fsPath(whole)).isSymbolicLink()) {
        this.#place.push(path.basename(whole));
        continue;
      }
      const target = this.#target(whole);
      if (target === undefined) return undefined;
      pending.push(...target.toReversed());
    }
    return path.join(this.#image.folder, ...this.#place);
  }

  #find(name: string): string {
    const folder = path.join(this.#image.folder, ...this.#place);
    const found: Dirent | undefined = this.#isWindows ? findEntry(folder, name) : undefined;
    return path.join(folder, found?.name ?? name);
  }

  /** The names to go on with. Where the link is absolute the way begins anew at the top. */
  #target(link: string): string[] | undefined {
    if (++this.#links > MAX_LINKS)
      throw Object.assign(new Error('too many links'), { code: 'ELOOP', syscall: 'readlink' });
    const text = pathFromBytes(readlinkSync(fsPath(link), { encoding: 'buffer' }));
    const drive = this.#isWindows ? ON_DRIVE.exec(text) : null;
    if (drive !== null) return this.#onDrive(drive[1] ?? '', text.slice(drive[0].length));
    if (!path.isAbsolute(text)) return text.split(this.#isWindows ? /[\\/]/ : '/');
    if (this.#isWindows) return this.#onThisMachine(text);
    this.#place = [];
    return text.split('/');
  }

  #onDrive(letter: string, rest: string): string[] | undefined {
    if (!this.#image.top.startsWith(letter.toUpperCase())) return undefined;
    this.#place = [];
    return rest.split(/[\\/]/);
  }

  /** A driver may show a junction as a path on this machine: one into the image is meant so. */
  #onThisMachine(target: string): string[] | undefined {
    const below = path.relative(this.#image.folder, target);
    if (below.split(path.sep)[0] === '..' || path.isAbsolute(below)) return undefined;
    this.#place = [];
    return below.split(path.sep);
  }
}
