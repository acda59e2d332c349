import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Identity } from './identity.ts';
import { issueCertificate } from './issue-certificate.ts';
import { readKeyFile } from './read-key.ts';
import type { ServerName } from './server-name.ts';

const DAY_MS = 86_400_000;
/** An agent whose clock is slow must not find the certificate in its future. */
const BACKDATED_MS = DAY_MS;
const SERVER_DAYS = 365;
const RENEW_SERVER_DAYS = 30;
const AUTHORITY_DAYS = 3_650;
/** Two years for giving the next one to the agents, which accept both meanwhile: they have one name and one key. */
const RENEW_AUTHORITY_DAYS = 730;
const AUTHORITY_NAME = 'certsweep collector authority';

export interface SelfMade extends Identity {
  /** For the agents' `--ca`. */
  readonly caFile: string;
  readonly ca: X509Certificate;
  /** What was made or renewed, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The identity for `--tls-self-signed`, in `tls/` of the data folder. What is missing or runs out is made.
 *
 * Agents trust a certificate authority of this collector's own, not the server's certificate: that one can then be
 * renewed each year, or get another name, without touching an agent. The authority signs this one server only; its key
 * lies beside the server's, and whoever can read the one can read the other.
 */
export function selfMadeIdentity(
  dataFolder: string,
  names: readonly ServerName[],
  now: Date,
): SelfMade {
  const folder = path.join(dataFolder, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const notes: string[] = [];
  const caFile = path.join(folder, 'ca.pem');
  const authority = readOrMakeAuthority(folder, caFile, now, notes);
  const server = readOrMakeServer(folder, authority, names, now, notes);
  return { ...server, caFile, ca: authority.ca, notes };
}

interface Authority {
  readonly key: KeyObject;
  readonly ca: X509Certificate;
}

function readOrMakeAuthority(
  folder: string,
  caFile: string,
  now: Date,
  notes: string[],
): Authority {
  const keyFile = path.join(folder, 'ca.key');
  const key = readKey(keyFile) ?? makeKey(keyFile);
  const known = readCertificate(caFile);
  if (known?.checkPrivateKey(key) && hasDays(known, RENEW_AUTHORITY_DAYS, now))
    return { key, ca: known };
  const request = {
    ...{ subject: AUTHORITY_NAME, publicKey: createPublicKey(key), names: undefined },
    ...validFor(AUTHORITY_DAYS, now),
  };
  const pem = issueCertificate(request, { name: AUTHORITY_NAME, privateKey: key });
  replaceFile(caFile, pem, 0o644);
  notes.push(
    known?.checkPrivateKey(key)
      ? `renewed the certificate authority: give ${caFile} to the agents before ${known.validToDate.toISOString()}`
      : `made a certificate authority: agents need ${caFile} as --ca`,
  );
  return { key, ca: new X509Certificate(pem) };
}

function readOrMakeServer(
  folder: string,
  authority: Authority,
  names: readonly ServerName[],
  now: Date,
  notes: string[],
): Identity {
  const certFile = path.join(folder, 'server.pem');
  const keyFile = path.join(folder, 'server.key');
  const known = readCertificate(certFile);
  const knownKey = readKey(keyFile);
  if (
    known &&
    knownKey &&
    known.checkPrivateKey(knownKey) &&
    known.verify(createPublicKey(authority.key)) &&
    hasDays(known, RENEW_SERVER_DAYS, now) &&
    names.every((name) => hasName(known, name))
  )
    return { key: pemOf(knownKey), cert: known.toString(), certificate: known };

  const key = makeKey(keyFile);
  const request = {
    ...{ subject: 'certsweep collector', publicKey: createPublicKey(key), names },
    ...validFor(SERVER_DAYS, now),
  };
  const issuer = { name: AUTHORITY_NAME, privateKey: authority.key };
  const cert = issueCertificate(request, issuer);
  replaceFile(certFile, cert, 0o644);
  notes.push(
    `made a server certificate, valid until ${request.notAfter.toISOString()}; it is renewed by itself, agents need nothing new`,
  );
  return { key: pemOf(key), cert, certificate: new X509Certificate(cert) };
}

function validFor(days: number, now: Date): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  };
}

function hasDays(certificate: X509Certificate, days: number, now: Date): boolean {
  return certificate.validToDate.getTime() - now.getTime() >= days * DAY_MS;
}

function hasName(certificate: X509Certificate, name: ServerName): boolean {
  return name.kind === 'ip'
    ? certificate.checkIP(name.text) !== undefined
    : (certificate.subjectAltName ?? '').split(', ').includes(`DNS:${name.text}`);
}

function readKey(file: string): KeyObject | undefined {
  return ifThere(() => parsed(file, () => createPrivateKey(readKeyFile(file))));
}

function readCertificate(file: string): X509Certificate | undefined {
  return ifThere(() => parsed(file, () => new X509Certificate(readFileSync(file))));
}

/** A file that is there and cannot be read is not replaced: agents may trust what was in it. */
function parsed<Value>(file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError || isMissing(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot use ${file}: ${reason}; restore it, or remove it for a new one`);
  }
}

function ifThere<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  replaceFile(file, pemOf(privateKey), 0o600);
  return privateKey;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Whole or not at all: a key without its end would keep the collector from starting. */
function replaceFile(file: string, text: string, mode: number): void {
  const fresh = `${file}.new`;
  try {
    writeFileSync(fresh, text, { mode, flush: true });
    renameSync(fresh, file);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
