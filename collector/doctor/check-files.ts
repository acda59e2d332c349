import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Files of the data folder that hold hashes of tokens, keys, or what was found on devices. */
const PRIVATE = /(?:\.sqlite(?:-wal|-shm)?|\.ndjson|\.key)$/;

/** Names that a finding lists. */
const MOST_NAMED = 3;

/**
 * Modes and owners of the data folder and of what lies in it. A folder that only its owner can enter protects files of any
 * mode. Windows has no modes: there the folder's ACL counts, which is not looked at.
 */
export function checkFiles(dataFolder: string): readonly Finding[] {
  if (process.platform === 'win32')
    return [ok('files', 'not looked at: on Windows the access control list of the folder counts')];
  const folder = statSync(dataFolder);
  const files = privateFiles(dataFolder).flatMap((file) => {
    const facts = statSync(file, { throwIfNoEntry: false }); // a WAL may be gone meanwhile
    return facts ? [{ file, mode: facts.mode, uid: facts.uid }] : [];
  });
  const open = (folder.mode & 0o011) !== 0;
  const findings = [
    problem(
      files.filter(({ mode }) => (mode & 0o022) !== 0 && open),
      (names) =>
        fail('files', `others can write to ${names}`, 'chmod 600, then check enroll --list'),
    ),
    problem(
      files.filter(({ mode }) => (mode & 0o044) !== 0 && open),
      (names) => warn('files', `others on this host can read ${names}`, `chmod 700 ${dataFolder}`),
    ),
    problem(
      files.filter(({ uid }) => uid !== folder.uid),
      (names) =>
        warn(
          'files',
          `${names} belong to another user than the folder`,
          'chown them, and run every command as the user that runs serve',
        ),
    ),
  ].flat();
  if ((folder.mode & 0o002) !== 0)
    findings.push(fail('files', `everybody can write to ${dataFolder}`, `chmod 700 ${dataFolder}`));
  return findings.length > 0 ? findings : [ok('files', 'only their owner can read them')];
}

function problem<File extends { readonly file: string }>(
  files: readonly File[],
  tell: (names: string) => Finding,
): readonly Finding[] {
  if (files.length === 0) return [];
  const names = files.slice(0, MOST_NAMED).map(({ file }) => path.basename(file));
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : '';
  return [tell(names.join(', ') + more)];
}

function privateFiles(dataFolder: string): readonly string[] {
  const folders = [dataFolder, path.join(dataFolder, 'tls')].filter(
    (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true,
  );
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => PRIVATE.test(name))
      .map((name) => path.join(folder, name)),
  );
}
