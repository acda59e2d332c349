import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import type { CertificateFacts } from '../authenticode/signature-report.ts';
import { readDer } from '../der/der-reader.ts';
import { integerHex } from '../der/integer.ts';
import { contextTag, TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import { isCryptoError } from './crypto-error.ts';
import { displayName } from './display-name.ts';
import { type CertificateExtensions, parseExtensions } from './extensions.ts';
import { distinguishedName, parseName } from './name.ts';

/**
 * An X.509 certificate: facts from our own reader, key from node:crypto. The facts do not depend on whether OpenSSL can
 * load the certificate: negative serial numbers and odd extensions must not lose a signer's name.
 */
export class Certificate {
  readonly encoded: Uint8Array;
  readonly facts: CertificateFacts;
  /** Whole Name elements, and the content octets of the serial number: compared as bytes, never as text. */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly extensions: CertificateExtensions;
  readonly #publicKeyInfo: Uint8Array;
  #publicKey: KeyObject | null | undefined;

  /** `encoded` is kept: pass a copy where it is a view of a buffer that will be used again. Throws ParseError. */
  constructor(encoded: Uint8Array) {
    const certificate = readDer(encoded).read(TAG.sequence, 'Certificate');
    const tbs = certificate.children.read(TAG.sequence, 'TBSCertificate').children;
    tbs.optional(contextTag(0)); // version
    const serialNumber = tbs.read(TAG.integer, 'serialNumber');
    tbs.read(TAG.sequence, 'signature');
    const issuer = parseName(tbs.read(TAG.sequence, 'issuer'));
    const validity = tbs.read(TAG.sequence, 'validity').children;
    const notBefore = decodeTime(validity.next());
    const notAfter = decodeTime(validity.next());
    const subject = parseName(tbs.read(TAG.sequence, 'subject'));
    this.#publicKeyInfo = tbs.read(TAG.sequence, 'subjectPublicKeyInfo').encoded;
    tbs.optional(0x81); // issuerUniqueID
    tbs.optional(0x82); // subjectUniqueID
    this.extensions = parseExtensions(tbs.optional(contextTag(3)));

    this.encoded = encoded;
    this.subject = subject.encoded;
    this.issuer = issuer.encoded;
    this.serialNumber = serialNumber.content;
    this.facts = {
      name: displayName(subject, this.extensions.subjectEmails),
      issuerName: displayName(issuer, this.extensions.issuerEmails),
      subject: distinguishedName(subject),
      issuer: distinguishedName(issuer),
      serial: integerHex(serialNumber),
      sha1: hash('sha1', encoded),
      sha256: hash('sha256', encoded),
      notBefore,
      notAfter,
      crlUrls: this.extensions.crlUrls,
    };
  }

  /** undefined where OpenSSL cannot load the key. Loaded on first use, since most certificates in a file never sign. */
  get publicKey(): KeyObject | undefined {
    if (this.#publicKey === undefined) this.#publicKey = loadKey(this.#publicKeyInfo);
    return this.#publicKey ?? undefined;
  }
}

function loadKey(publicKeyInfo: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
  } catch (error) {
    if (isCryptoError(error)) return null;
    throw error;
  }
}
