import { spawnSync } from 'node:child_process';

/**
 * True where Chromium (a Debian package) is installed: it opens the HTML report as its reader will. In CI its absence is an
 * error, elsewhere a loud line and skipped tests.
 */
export function haveChromium(): boolean {
  if (spawnSync('chromium', ['--version']).status === 0) return true;
  const message =
    'certsweep: chromium is not installed: tests of the page in a browser are LEFT OUT';
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}
