import { cloudFolders, noCloudFolders } from './cloud-folders.ts';
import { type DefaultExcludes, leftOutMounts } from './left-out-mounts.ts';
import { realPath } from './linked-places.ts';
import { pathFilter } from './path-filter.ts';
import { resolveRoots } from './scan-roots.ts';
import type { WalkOptions } from './walk.ts';

/** What a user says of where to look: names are commander's. */
export interface WalkChoices extends DefaultExcludes {
  readonly paths: readonly string[];
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly oneFileSystem?: boolean | undefined;
  readonly followLinks?: boolean | undefined;
}

/** Throws CommandError for a path that is not there and a pattern that is none. */
export async function walkOptions(choices: WalkChoices): Promise<WalkOptions> {
  return {
    ...resolveRoots(choices.paths),
    filter: pathFilter(choices.include ?? [], choices.exclude ?? []),
    oneFileSystem: choices.oneFileSystem ?? false,
    leftOut: leftOutMounts(choices),
    resolveLink: choices.followLinks ? realPath : undefined,
    cloudFolders: choices.defaultExcludes === false ? noCloudFolders : await cloudFolders(),
  };
}
