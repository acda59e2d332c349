import { readlinkSync } from 'node:fs';
import type { Problem } from '../inspect/file-outcome.ts';
import { fsPath } from '../walk/disk-path.ts';

/** What ntfs-3g puts in the place of a target where it has no plugin for a reparse point; older versions without the tag. */
const UNSUPPORTED = /^unsupported reparse (?:point|tag 0x([0-9a-f]{8}))$/i;
/** Tags of what is no file with content: an app's execution alias, WSL's links, sockets, pipes and devices. */
const NO_CONTENT = new Set([
  '8000001b',
  'a000001d',
  '80000023',
  '80000024',
  '80000025',
  '80000026',
]);
/** Source: [MS-FSCC] §2.1.2.1, "Reparse Tags". */
const NAMES: Readonly<Record<string, string>> = {
  '80000017': 'compressed by Windows (compact /exe)',
  '80000018': 'compressed in a WIM archive',
  '80000013': 'deduplicated',
};
const CLOUD = /^9000[0-9a-f]01a$/;

/**
 * What is wrong with a link that stands for a file which this mount cannot read; undefined for a link that is one. Taken for a
 * link it would be left out in silence: Windows keeps many of its own programs compressed like this.
 */
export function reparseProblem(link: string): Problem | undefined {
  const found = UNSUPPORTED.exec(targetOf(link));
  if (found === null) return undefined;
  const tag = (found[1] ?? '').toLowerCase();
  if (NO_CONTENT.has(tag)) return undefined;
  const name = NAMES[tag] ?? (CLOUD.test(tag) ? 'kept by a cloud service' : 'of a kind of its own');
  const detail = `${name}: this mount cannot read it (reparse tag ${tag || 'not told'})`;
  return { path: link, reason: 'unreadable', code: 'reparse-point', offset: null, detail };
}

/** Empty for what is gone or cannot be read: whoever follows the link says so. */
function targetOf(link: string): string {
  try {
    return readlinkSync(fsPath(link));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return '';
  }
}
