import type { FileKind, ProblemReason } from '../inspect/file-outcome.ts';
import type { WalkSkip } from '../walk/walk.ts';

export type SkipReason = Exclude<ProblemReason, 'malformed'> | WalkSkip;

/** Why a path was not read, in words. A directory counts as one path, whatever is below it. */
export const reasonWords: Readonly<Record<SkipReason, string>> = {
  unreadable: 'The system refused: no permission, or an error of the disk',
  gone: 'Deleted while the sweep ran',
  changed: 'Written to while it was read, twice in a row, or replaced while the sweep ran',
  'too-large': 'Larger than --max-file-size',
  'inspection-failed': 'The inspection itself failed on it',
  'virtual-file-system': 'A file system without files of its own, such as /proc: not entered',
  'network-file-system': 'Kept by another machine: not entered without --network',
  'other-file-system': 'On another file system: not entered, as asked',
  'directory-loop': 'A volume mounted below itself: read by its shorter path',
  locked: 'Held open by Windows itself as long as it runs, such as its page file',
  'cloud-only': 'A placeholder: its content is with a cloud service and was not fetched',
  excluded: 'Left out, as asked',
  'symbolic-link': 'A symbolic link: its target is read where it stands, if that was swept',
  'broken-link': 'A link that leads nowhere, or in circles',
  'already-seen': 'Reached by a link, and read by its own path',
  'special-file': 'A device, socket or pipe',
};

/** What was looked at and is not examined further. Archives and images of disks can hold anything. */
export const kindWords: Readonly<Record<FileKind, string>> = {
  pe: 'Windows program or library',
  msi: 'Windows Installer package without a signature',
  cab: 'cabinet without a signature',
  catalog: 'security catalog',
  appx: 'APPX or MSIX package without a signature',
  script: 'script without a signature',
  mz: 'DOS program',
  compound: 'Office document or other compound file',
  pkcs7: 'PKCS#7 data that is no catalog',
  zip: 'ZIP archive, or a format made of one: its content was not examined',
  archive: 'archive or compressed file: its content was not examined',
  'disk-image': 'disk image: its content was not examined',
  elf: 'Linux program or library',
  empty: 'empty file',
  other: 'anything else: text, pictures, ...',
};
