/** The text given for a key is none of what its kind takes. The message completes "KEY: ...". */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

/** What a value of each kind is once it has been read. Lists are kinds of their own: see listKinds. */
export interface KindValue {
  text: string;
  /** Absolute, as the system writes it. */
  path: string;
  paths: readonly string[];
  globs: readonly string[];
  switch: boolean;
  /** Milliseconds. */
  duration: number;
  /** Bytes. */
  size: number;
  /** From 1 up. */
  number: number;
  /** From 1 to 100. */
  percent: number;
  /** An http or https address. */
  address: URL;
  /** `HH:MM`. */
  time: string;
  /** 40 lower-case hex digits. */
  deviceId: string;
  level: LogLevel;
}

export type Kind = keyof KindValue;

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Kinds that hold several values, and the kind of each. */
export const listKinds = { paths: 'path', globs: 'text' } as const;

type SingleKind = Exclude<Kind, keyof typeof listKinds>;

interface KindSpec<Value> {
  /** What is wanted, for errors and for the reference. */
  readonly wanted: string;
  /** undefined where `text` is none of this kind. */
  read(text: string): Value | undefined;
}

const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Ten years: what is longer is a slip. */
const LONGEST_DURATION = 3650 * MS.d;
const BYTES = { kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

const kinds: { readonly [K in SingleKind]: KindSpec<KindValue[K]> } = {
  text: { wanted: 'a text that is not empty', read: (text) => text || undefined },
  path: { wanted: 'an absolute path', read: readPath },
  switch: {
    wanted: 'true or false',
    read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  duration: { wanted: 'a duration such as 90s, 30m, 24h or 4d', read: readDuration },
  size: { wanted: 'a size in bytes, or such as 500MB or 2GiB', read: readSize },
  number: {
    wanted: 'a whole number above 0',
    read: (text) => readWhole(text, Number.MAX_SAFE_INTEGER),
  },
  percent: { wanted: 'a whole number from 1 to 100', read: (text) => readWhole(text, 100) },
  address: { wanted: 'an http or https address without user and password', read: readAddress },
  time: {
    wanted: 'a time of day such as 02:30',
    read: (text) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : undefined),
  },
  deviceId: {
    wanted: '40 hex digits',
    read: (text) => (/^[0-9a-f]{40}$/i.test(text) ? text.toLowerCase() : undefined),
  },
  level: {
    wanted: `one of ${logLevels.join(', ')}`,
    read: (text) => logLevels.find((level) => level === text),
  },
};

export function isListKind(kind: Kind): kind is keyof typeof listKinds {
  return kind in listKinds;
}

/** What a value of `kind` looks like; of a list, each of its values. */
export function wantedFor(kind: Kind): string {
  return kinds[isListKind(kind) ? listKinds[kind] : kind].wanted;
}

/** Reads one text; of a list, one of its values. Throws ValueError. */
export function readValue(kind: Kind, text: string): KindValue[SingleKind] {
  const spec: KindSpec<KindValue[SingleKind]> = kinds[isListKind(kind) ? listKinds[kind] : kind];
  const value = spec.read(text);
  if (value === undefined) {
    const not = kind === 'address' ? '' : `, not ${quoted(text)}`; // an address may hold a password
    throw new ValueError(`${spec.wanted} is wanted${not}`);
  }
  return value;
}

/** As the running system or as Windows says it: a configuration for a fleet is checked elsewhere than it is used. */
function readPath(text: string): string | undefined {
  return /^(\/|[A-Za-z]:[\\/]|\\\\[^\\])/.test(text) && !text.includes('\0') ? text : undefined;
}

function readWhole(text: string, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value > 0 && value <= most ? value : undefined;
}

function readDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (unit === '') return text === '0' ? 0 : undefined;
  const value = Number(digits) * MS[unit as keyof typeof MS];
  return value <= LONGEST_DURATION ? value : undefined;
}

function readSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,15}) ?([kKMG]i?B)?$/.exec(text) ?? [];
  if (digits === '' || (unit !== '' && !(unit in BYTES))) return undefined;
  const value = Number(digits) * (unit === '' ? 1 : BYTES[unit as keyof typeof BYTES]);
  return value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

/** Without a user and password: a token has a file of its own, and this address is logged. */
function readAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
