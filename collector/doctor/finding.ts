/** `fail`: something is broken or open to others; `warn`: it will be, or a person should decide. */
export type Level = 'ok' | 'warn' | 'fail';

/** What one look at a data folder found. */
export interface Finding {
  /** What was looked at. Stable: scripts look for it. */
  readonly check: string;
  readonly level: Level;
  /** A sentence without its stop. */
  readonly message: string;
  /** What to do; absent where all is well. */
  readonly remedy?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message };
}

export function warn(check: string, message: string, remedy: string): Finding {
  return { check, level: 'warn', message, remedy };
}

export function fail(check: string, message: string, remedy: string): Finding {
  return { check, level: 'fail', message, remedy };
}

/** `devices`: 1 device, 2 devices. */
export function counted(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : `${one}s`}`;
}

/** Bytes for a person, as 3.4 MB; powers of 1,024. */
export function sized(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
