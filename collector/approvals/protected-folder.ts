import type { PathParts } from './path-parts.ts';

/** Folders of a drive into which, as Windows is installed, administrators alone write. */
const WINDOWS_ROOTS = new Set(['PROGRAM FILES', 'PROGRAM FILES (X86)', 'WINDOWS']);

const POSIX_ROOTS = new Set(['usr', 'opt', 'bin', 'sbin', 'lib', 'lib64']);

/** Names under which programs keep what users write, wherever they are. */
const WRITABLE_NAMES = new Set(['TEMP', 'TMP', 'DOWNLOADS']);

/**
 * Folders under \Windows into which every user writes, known as ways around AppLocker's default rules.
 * Source: "Ultimate AppLocker ByPass List", Generic-AppLockerbypasses.
 */
const WRITABLE_UNDER_WINDOWS = [
  ...['TASKS', 'TEMP', 'TRACING', 'REGISTRATION\\CRMLOG'],
  ...['SYSTEM32\\FXSTMP', 'SYSTEM32\\COM\\DMP', 'SYSTEM32\\TASKS', 'SYSTEM32\\TASKS_MIGRATED'],
  ...['SYSTEM32\\SPOOL\\PRINTERS', 'SYSTEM32\\SPOOL\\SERVERS', 'SYSTEM32\\SPOOL\\DRIVERS\\COLOR'],
  'SYSTEM32\\MICROSOFT\\CRYPTO\\RSA\\MACHINEKEYS',
  ...['SYSWOW64\\FXSTMP', 'SYSWOW64\\COM\\DMP', 'SYSWOW64\\TASKS'],
];

/**
 * Whether only administrators write to where `path` is, as systems come: then a path says who put the file there. A drive's
 * other folders, profiles, ProgramData and shares do not: whoever is logged in can put a file under `C:\Tools`, too.
 */
export function isProtected({ system, segments }: PathParts): boolean {
  if (system === 'posix') {
    const [root = '', ...inside] = segments;
    return POSIX_ROOTS.has(root) && !inside.some((name) => WRITABLE_NAMES.has(name.toUpperCase()));
  }
  const [, root = '', ...inside] = segments;
  if (segments[0] === '\\\\' || !WINDOWS_ROOTS.has(root)) return false;
  if (inside.some((name) => WRITABLE_NAMES.has(name))) return false;
  const below = `${inside.join('\\')}\\`;
  return (
    root !== 'WINDOWS' || !WRITABLE_UNDER_WINDOWS.some((each) => below.startsWith(`${each}\\`))
  );
}

/** The segments of a glob before its first wildcard: where everything is that it covers. */
export function literalStart({ system, segments }: PathParts): PathParts {
  const wild = segments.findIndex((segment) => /[*?]/.test(segment));
  return { system, segments: wild < 0 ? segments : segments.slice(0, wild) };
}
