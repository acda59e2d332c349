import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';
import { parseNotifySettings } from './parse-settings.ts';
import type { NotifySettings } from './settings.ts';

/**
 * Reads the settings file of `--notify`. It holds secrets: throws UsageError where others than its owner can read it.
 * Windows has no mode: the ACL counts.
 */
export function readNotifySettings(file: string): NotifySettings {
  return parseNotifySettings(readPrivately(file), {
    file,
    readPem: (pem) => readText(pem, `the ca of ${file}`),
  });
}

function readPrivately(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new UsageError(`cannot read --notify: ${error instanceof Error && error.message}`);
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new UsageError(`--notify ${file} is no file`);
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0)
      throw new UsageError(
        `others can read --notify ${file}, which holds secrets: chmod 600 it, and change them if they may have`,
      );
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${what}: ${error instanceof Error && error.message}`);
  }
}
