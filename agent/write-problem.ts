/** What a person can do something about. Other codes stand alone. Source: errno(3). */
const words: Readonly<Record<string, string>> = {
  EACCES: 'not permitted',
  EDQUOT: "this user's share of the disk is used up",
  EIO: 'the disk failed',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
};

/** Why the system would not write, for a message: `the disk is full (ENOSPC)`. */
export function writeProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  const word = words[code];
  return word === undefined ? code : `${word} (${code})`;
}
