import { hash, type KeyObject } from 'node:crypto';
import type { CertificateFacts } from '../authenticode/signature-report.ts';
import { attemptParse } from '../bytes/attempt-parse.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../cms/algorithm-identifier.ts';
import { type DerReader, readDer } from '../der/der-reader.ts';
import { integerHex } from '../der/integer.ts';
import { contextTag, TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import { displayName } from './display-name.ts';
import { type CertificateExtensions, parseExtensions } from './extensions.ts';
import { distinguishedName, parseName } from './name.ts';
import { loadPublicKey, type PublicKey } from './public-key.ts';

/** The issuer's signature under a certificate or a revocation list. */
export interface CertificateSignature {
  readonly algorithm: AlgorithmIdentifier;
  readonly value: Uint8Array;
}

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
  /** First and last moment of validity, milliseconds since 1970. */
  readonly validFromMs: number;
  readonly validToMs: number;
  /** What the issuer signed: TBSCertificate, whole. */
  readonly signedBytes: Uint8Array;
  /** undefined where it cannot be read: the facts are evidence all the same. */
  readonly signature: CertificateSignature | undefined;
  readonly #publicKeyInfo: Uint8Array;
  #publicKey: PublicKey | null | undefined;

  /** `encoded` is kept: pass a copy where it is a view of a buffer that will be used again. Throws ParseError. */
  constructor(encoded: Uint8Array) {
    const certificate = readDer(encoded).read(TAG.sequence, 'Certificate').children;
    const tbsCertificate = certificate.read(TAG.sequence, 'TBSCertificate');
    const tbs = tbsCertificate.children;
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
    this.signedBytes = tbsCertificate.encoded;
    this.signature = attemptParse(() => readCertificateSignature(certificate));
    this.validFromMs = Date.parse(notBefore);
    this.validToMs = Date.parse(notAfter);
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

  /** undefined where it cannot be used, see loadPublicKey. Loaded on first use, since most certificates in a file never sign. */
  get publicKey(): KeyObject | undefined {
    return this.#loadedKey()?.key;
  }

  /** What it costs to verify one signature by the key; see PublicKey. 0 where it cannot be used. */
  get verificationCost(): number {
    return this.#loadedKey()?.cost ?? 0;
  }

  #loadedKey(): PublicKey | null {
    if (this.#publicKey === undefined) this.#publicKey = loadPublicKey(this.#publicKeyInfo);
    return this.#publicKey;
  }
}

/** signatureAlgorithm and signatureValue, which stand behind what is signed. Source: RFC 5280 §4.1, §5.1. */
export function readCertificateSignature(fields: DerReader): CertificateSignature {
  const algorithm = readAlgorithmIdentifier(fields, 'signatureAlgorithm');
  const bits = fields.read(TAG.bitString, 'signatureValue');
  return { algorithm, value: bits.content.subarray(1) }; // the first octet counts unused bits: none
}
