import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  TRUE,
  time,
  utf8String,
} from './der.ts';
import type { ServerName } from './server-name.ts';

export interface CertificateRequest {
  /** Common name of the subject. */
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Names of the server; undefined for an authority, which signs servers and nothing below them. */
  readonly names: readonly ServerName[] | undefined;
}

export interface Issuer {
  /** Common name of its subject. */
  readonly name: string;
  /** P-256. */
  readonly privateKey: KeyObject;
}

const COMMON_NAME = '2.5.4.3';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A certificate in PEM, signed by `issuer`; an authority is its own issuer. Source: RFC 5280 §4.1 and §4.2. */
export function issueCertificate(request: CertificateRequest, issuer: Issuer): string {
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const content = sequence(
    der(0xa0, integer(Uint8Array.of(2))), // version 3
    integer(positive(randomBytes(16))),
    algorithm,
    name(issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions(request, issuer))),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const certificate = Buffer.from(sequence(content, algorithm, bitString(signature)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extensions({ publicKey, names }: CertificateRequest, issuer: Issuer): Uint8Array[] {
  const issuerId = der(0x80, keyIdentifier(createPublicKey(issuer.privateKey)));
  return [
    extension(SUBJECT_KEY_IDENTIFIER, octetString(keyIdentifier(publicKey))),
    extension(AUTHORITY_KEY_IDENTIFIER, sequence(issuerId)),
    ...(names ? serverExtensions(names) : AUTHORITY_EXTENSIONS),
  ];
}

function serverExtensions(names: readonly ServerName[]): Uint8Array[] {
  return [
    extension(BASIC_CONSTRAINTS, sequence(), TRUE),
    extension(KEY_USAGE, bitString(Uint8Array.of(0x80), 7), TRUE), // digitalSignature
    extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTH))),
    extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))),
  ];
}

const AUTHORITY_EXTENSIONS = [
  extension(BASIC_CONSTRAINTS, sequence(TRUE, integer(Uint8Array.of(0))), TRUE), // pathLenConstraint 0
  extension(KEY_USAGE, bitString(Uint8Array.of(0x06), 1), TRUE), // keyCertSign, cRLSign
];

function extension(id: string, value: Uint8Array, ...critical: Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(id), ...critical, octetString(value));
}

function generalName(serverName: ServerName): Uint8Array {
  return serverName.kind === 'dns'
    ? der(0x82, Buffer.from(serverName.text, 'latin1'))
    : der(0x87, serverName.bytes);
}

function name(commonName: string): Uint8Array {
  return sequence(der(0x31, sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));
}

/** Any value that is unique to the key will do. Source: RFC 5280 §4.2.1.2. */
function keyIdentifier(publicKey: KeyObject): Uint8Array {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

/** A serial number must be positive, and its first byte must not be a padding that DER forbids. Source: RFC 5280 §4.1.2.2. */
function positive(bytes: Uint8Array): Uint8Array {
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
