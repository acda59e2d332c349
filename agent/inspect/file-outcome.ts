import type { Finding, SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import type { VersionInfo } from '../../parsers/pe/version-info.ts';
import type { CatalogOutcome, FileFacts, SignedKind } from '../../parsers/record/to-record.ts';

/**
 * Why a path was not read, or not read as what it is. Stable: the sweep row counts by these names.
 * - `unreadable`: the system refused (code says why: EACCES, EIO, ...)
 * - `gone`: deleted between the listing and the reading; nothing is left to see
 * - `changed`: written to while it was read, twice in a row; or a directory that something else replaced
 * - `too-large`: above --max-file-size
 * - `malformed`: read whole, but its structure or signature could not be parsed; it has a record
 * - `inspection-failed`: a bug of ours, or more memory than a worker may have; the file costs only itself
 * - `virtual-file-system`, `network-file-system`, `other-file-system`: a directory that was not entered
 * - `directory-loop`: a volume mounted into a folder below itself; its files are read by their shorter paths
 * - `locked`: what Windows keeps to itself as long as it runs, see system-locks.ts
 * - `cloud-only`: a placeholder, whose content would have to be fetched first
 */
export type ProblemReason =
  | 'unreadable'
  | 'gone'
  | 'changed'
  | 'too-large'
  | 'malformed'
  | 'inspection-failed'
  | 'virtual-file-system'
  | 'network-file-system'
  | 'other-file-system'
  | 'directory-loop'
  | 'locked'
  | 'cloud-only';

/** One line of `--errors`. */
export interface Problem {
  readonly path: string;
  readonly reason: ProblemReason;
  /** The system's error code (EACCES) or the ParseErrorCode. */
  readonly code: string | null;
  /** Bytes from the start of the file, for `malformed`. */
  readonly offset: number | null;
  readonly detail: string;
}

/** What a file is, by its first bytes. Of those that can carry a signature the unsigned are counted, but for PE, MSI, catalogs. */
export type FileKind =
  | SignedKind
  | 'mz'
  | 'compound'
  | 'pkcs7'
  | 'zip'
  | 'archive'
  | 'disk-image'
  | 'elf'
  | 'empty'
  | 'other';

/** One file that has a record, read to its end. */
export interface Image extends Omit<FileFacts, 'folderPath' | 'fileName'> {
  readonly path: string;
  /** What the image says of itself; undefined where it says nothing, or nothing that can be read. */
  readonly versionInfo: VersionInfo | undefined;
  /** In order of SignatureIndex; empty where the file has none that could be parsed. */
  readonly signatures: readonly SignatureReport[];
  /** Why there are no signatures though there should be; empty for a file that is simply unsigned. */
  readonly malformed: readonly Finding[];
  readonly catalog: CatalogOutcome;
}

/** What one path came to. An image may bring problems along: some of its signatures may be malformed. */
export type FileOutcome =
  | {
      readonly kind: 'image';
      readonly image: Image;
      readonly problems: readonly Problem[];
      /** True where the file was read under another of its names. */
      readonly isFurtherName?: true;
    }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'other'; readonly fileKind: FileKind }
  /** A file with several names, to be read with the others: `id` is the same for all of them. */
  | { readonly kind: 'linked'; readonly id: string }
  /** The scan was stopped before this path was read. */
  | { readonly kind: 'stopped' };
