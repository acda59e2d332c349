import manifest from '../package.json' with { type: 'json' };
import { readCommit } from './assets.ts';

/** Version of the collector. */
export const collectorVersion: string = manifest.version;

/** Version and commit, as `0.1.0 (0123456789ab)`; without the commit where nobody can tell it. */
export function versionLine(): string {
  const commit = readCommit();
  return commit === undefined ? collectorVersion : `${collectorVersion} (${commit})`;
}
