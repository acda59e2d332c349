import { readFileSync } from 'node:fs';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { CERTIFICATE_LABELS, parsePem } from '../../parsers/x509/pem.ts';
import { CommandError } from '../exit-status.ts';
import { readToken } from './token-file.ts';

/** Where a collector is and how to be let in, as a user gives it. Names are commander's. */
export interface CollectorOptions {
  readonly collector: string;
  readonly tokenFile?: string | undefined;
  /** PEM file of certificates to trust besides the system's and Node's own. */
  readonly ca?: string | undefined;
}

export interface CollectorAddress {
  /** Its path, if any, goes before `/v1/...`. */
  readonly url: URL;
  readonly tokenFile: string | undefined;
  /** PEM text. */
  readonly ca: string | undefined;
}

/** Reads what the options name, so that a mistake shows before a sweep and not after it. Throws CommandError. */
export function collectorAddress({ collector, tokenFile, ca }: CollectorOptions): CollectorAddress {
  const url = URL.parse(collector);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new CommandError(`--collector ${collector}: an http or https address is wanted`);
  if (url.username !== '' || url.password !== '')
    throw new CommandError('--collector: no user or password goes into the address: --token-file');
  if (tokenFile !== undefined) {
    refuseClearText(url, '--token-file: the token');
    readToken(tokenFile);
  }
  return { url, tokenFile, ca: ca === undefined ? undefined : readCertificates(ca) };
}

/** A secret goes over TLS, or stays on this machine. */
export function refuseClearText(url: URL, what: string): void {
  if (url.protocol === 'http:' && !isLoopback(url))
    throw new CommandError(`${what} would cross the network in clear: use https`);
}

export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** `url` with `path` behind the path that it has already. */
export function addressBelow(url: URL, path: string): URL {
  return new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url);
}

function readCertificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (countCertificates(text) === 0)
    throw new CommandError(`--ca ${file}: no PEM certificate (-----BEGIN CERTIFICATE-----) in it`);
  return text;
}

function countCertificates(text: string): number {
  try {
    return parsePem(text, CERTIFICATE_LABELS).length;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return 0;
  }
}
