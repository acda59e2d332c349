import path from 'node:path';
import { printable } from '../../parsers/record/printable.ts';
import type { DatabaseCheck } from '../store/sqlite/check-database.ts';

export interface StartFacts {
  readonly url: string;
  readonly data: string;
  /** Tokens are. */
  readonly required: boolean;
  /** What --retain said; undefined where nothing is ever removed. */
  readonly retain: string | undefined;
  /** When, for what and for whom hunts run; undefined where none do. */
  readonly hunts: string | undefined;
}

/** What `serve` says on standard output when it listens. The first line is for scripts, and stays as it is. */
export function startLines({ url, data, required, retain, hunts }: StartFacts): string {
  const tokens = required
    ? 'required; certsweep-collector enroll makes them'
    : 'not required: whoever reaches this address may read and write';
  return [
    `certsweep-collector listening on ${url}`,
    `  data    ${printable(path.resolve(data))}`,
    ...(retain === undefined ? [] : [`  retain  ${retain}, then rows are removed; sightings stay`]),
    ...(hunts === undefined ? [] : [`  hunts   ${printable(hunts)}`]),
    `  tokens  ${tokens}`,
    `  agents  certsweep scan / --collector ${url} --state ./state`,
    `  health  ${url}/readyz, ${url}/metrics`,
    '',
  ].join('\n');
}

/** What the log says about the database that was found. */
export function checkLine({ kind, bytes, milliseconds }: DatabaseCheck): string {
  if (kind === 'new') return 'the database is new';
  if (kind === 'checked')
    return `the database is sound: ${bytes} bytes looked through in ${Math.round(milliseconds)} ms`;
  return `the database has ${bytes} bytes and was closed in order: it was not looked through`;
}
