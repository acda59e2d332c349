/** A file to be put into an archive. */
export interface ArchiveFile {
  /** Path within the archive, with `/`: ASCII, at most 100 bytes. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Unix permissions, as 0o755. */
  readonly mode: number;
}
