import { printable } from '../../parsers/record/printable.ts';
import type { Device } from '../device.ts';
import { CommandError } from '../exit-status.ts';
import type { RootSource } from '../trust/root-bundle.ts';
import type { WalkOptions } from '../walk/walk.ts';
import { findInside, isFolder } from './find-inside.ts';
import { identifyImage } from './image-device.ts';
import { imageFilter } from './image-filter.ts';
import { imageLinks } from './image-links.ts';
import { imagePlaces } from './image-places.ts';
import { type ImageRoots, imageRoots } from './image-roots.ts';
import { type MountedImage, openImage } from './mounted-image.ts';
import { reparseProblem } from './reparse-problem.ts';

export interface ImageOptions {
  /** `--image-root`: the folder in which the volume is mounted. */
  readonly imageRoot: string;
  /** `--image-drive`: its letter. */
  readonly imageDrive?: string | undefined;
  readonly paths: readonly string[];
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly followLinks?: boolean | undefined;
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  /** Where the user has named roots, the image is not asked for its own. */
  readonly roots?: readonly string[] | undefined;
  readonly store?: string | undefined;
  readonly catalogs?: readonly string[] | undefined;
  readonly live?: boolean | undefined;
}

/** What a sweep of an image takes from the image instead of from this machine. */
export interface ImagePlan {
  readonly image: MountedImage;
  readonly device: Device;
  /** On disk. */
  readonly places: readonly string[];
  /** What passes, how links are followed (never out of the image), and which are none. */
  readonly walk: Pick<WalkOptions, 'filter' | 'resolveLink' | 'linkProblem'>;
  /** Its own; undefined where the user has named others, or where it has none. */
  readonly roots: RootSource | undefined;
  /** Folders of catalogs, empty where neither the user nor the image has any. */
  readonly catalogs: readonly string[];
  /** Sentences for a person: what could not be taken from the image, and what that means. Safe to print. */
  readonly notes: readonly string[];
}

/** Looks into the image. Throws CommandError for whatever of it a sweep cannot do without. */
export function planImage(options: ImageOptions): ImagePlan {
  if (options.live)
    throw new CommandError('--live looks at this machine, --image-root at another: leave one out');
  const image = openImage(options.imageRoot, options.imageDrive);
  const { deviceId, deviceName, paths, include, exclude } = options;
  const { device, isDirty } = identifyImage(image, { id: deviceId, name: deviceName });
  const asksForRoots = options.roots === undefined && options.store === undefined;
  const found = asksForRoots ? imageRoots(image) : undefined;
  return {
    image,
    device,
    places: imagePlaces(image, paths),
    walk: {
      filter: imageFilter(image, include ?? [], exclude ?? []),
      resolveLink: options.followLinks ? imageLinks(image) : undefined,
      linkProblem: image.top === '/' ? undefined : reparseProblem,
    },
    roots: found?.kind === 'found' ? found.source : undefined,
    catalogs: options.catalogs ?? catalogsOf(image),
    notes: notesOn(found, isDirty),
  };
}

const DIRTY =
  'the SOFTWARE hive of the image was not closed cleanly: what stands in its log files only is not seen';
/** Whoever plants a root may take that list away, too. */
const NO_PROGRAMME =
  "the image has no list of Microsoft's root programme: a root that an intruder planted there is not told apart";

function notesOn(roots: ImageRoots | undefined, isIdDirty: boolean): string[] {
  const isFound = roots?.kind === 'found';
  return [
    ...(isIdDirty || (isFound && roots.isDirty) ? [DIRTY] : []),
    ...(isFound && roots.source.outsideProgramme === undefined ? [NO_PROGRAMME] : []),
    ...(roots?.kind === 'none'
      ? [`the image's own roots do not judge: ${printable(roots.why)}`]
      : []),
  ];
}

/** The subfolders of CatRoot are looked through with it. */
function catalogsOf({ windowsFolder }: MountedImage): string[] {
  const folder = windowsFolder && findInside(windowsFolder, 'System32', 'CatRoot');
  return isFolder(folder) ? [folder] : [];
}
