import type { FileCertificateRecord } from './columns.ts';

/** A drive or a share: the folder is of Windows, whatever the system that reads the record. A mounted image has such paths. */
const WINDOWS_FOLDER = /^(?:[a-z]:|\\\\)/i;

/** The whole path of a record, spelled as its own system spells it: nothing is normalised, FolderPath and FileName stay as they are. */
export function recordPath({
  FolderPath,
  FileName,
}: Pick<FileCertificateRecord, 'FolderPath' | 'FileName'>): string {
  const folder = FolderPath ?? '';
  const separator = WINDOWS_FOLDER.test(folder) ? '\\' : '/';
  const isClosed = folder === '' || folder.endsWith(separator);
  return `${folder}${isClosed ? '' : separator}${FileName ?? ''}`;
}
