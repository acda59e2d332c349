import { realpathSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';
import { followInside } from './image-links.ts';
import type { MountedImage } from './mounted-image.ts';

const DRIVE = /^([A-Za-z]):(?:[\\/]|$)/;

/**
 * The places on disk that `scan` was given: `C:\Users` as the image's own system names it, in whatever case, or a path on
 * this machine that lies in the image. None: the whole image. Throws CommandError for a place outside, or one that is not
 * there.
 */
export function imagePlaces(image: MountedImage, given: readonly string[]): string[] {
  return given.length === 0 ? [image.folder] : given.map((place) => imagePlace(image, place));
}

/** True where `realPath`, with its links resolved, lies in `folder`: what a link in an image leads to is else not of it. */
export function isInside(folder: string, realPath: string): boolean {
  const below = path.relative(folder, realPath);
  return below.split(path.sep)[0] !== '..' && !path.isAbsolute(below);
}

function imagePlace(image: MountedImage, given: string): string {
  const { folder, top } = image;
  const onDisk = path.resolve(given);
  // Both spellings may look alike, on Windows and for a POSIX image: a path in the image's folder is that.
  if (isInside(folder, onDisk)) return placeOnDisk(image, given);
  const drive = DRIVE.exec(given)?.[1];
  if (drive === undefined && !(top === '/' && path.isAbsolute(given)))
    return placeOnDisk(image, given);
  if (drive !== undefined && !top.startsWith(drive.toUpperCase()))
    throw new CommandError(
      `${given} is not in the image, whose paths begin with ${top} (--image-drive names another letter)`,
    );
  const names = drive === undefined ? onDisk.split(path.sep) : namesOf(given);
  return placeInImage(image, given, names);
}

function placeInImage(image: MountedImage, given: string, names: readonly string[]): string {
  let place: string | undefined;
  try {
    place = followInside(image, names);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError(`cannot scan ${given} in the image ${image.folder}: ${code}`);
  }
  if (place !== undefined) return place;
  throw new CommandError(`cannot scan ${given}: a link in it leads out of the image`);
}

/** Of a path with a drive; `..` never leads above it. */
function namesOf(given: string): string[] {
  return path.win32.normalize(given).slice('C:\\'.length).split('\\');
}

/** A link that is named itself is followed, and leads into the image or nowhere. */
function placeOnDisk({ folder, top }: MountedImage, given: string): string {
  let place: string;
  try {
    place = realpathSync.native(path.resolve(given));
  } catch (error) {
    throw new CommandError(`cannot scan ${given}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (isInside(folder, place)) return place;
  throw new CommandError(
    `${given} is outside the image ${folder}: name places in it as ${top}... or as paths below that folder`,
  );
}
