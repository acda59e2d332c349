import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  contextConstructed,
  derNull,
  integer,
  objectIdentifier,
  sequence,
  tlv,
  utcTime,
} from '../../../build/fixtures/der.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { Certificate } from '../../../parsers/x509/certificate.ts';
import { extensionOf, nameOf, utf8 } from './certificate-builder.ts';

/** A certificate with its private key, so that it can issue others and sign. */
export interface Issued {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

export interface IssueOptions {
  readonly from?: string;
  readonly to?: string;
  readonly serial?: string;
  /** Absent: no BasicConstraints. */
  readonly authority?: boolean | { readonly pathLength: number };
  /** Content octets of the BIT STRING in hex: `0780` digitalSignature, `0204` keyCertSign, `0106` and cRLSign. */
  readonly keyUsage?: string;
  readonly extendedKeyUsage?: readonly string[];
  readonly extensions?: readonly Uint8Array[];
  /** The pair to certify: that of another certificate makes a cross-certificate. */
  readonly keys?: Keys;
  /** What the issuer signs with. */
  readonly algorithm?: TestAlgorithm;
  /** Bits of the signature that are flipped. */
  readonly damage?: boolean;
}

export interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** An AlgorithmIdentifier and how it signs. */
export interface TestAlgorithm {
  readonly identifier: Uint8Array;
  readonly sign: (bytes: Uint8Array, key: KeyObject) => Uint8Array;
}

export function ecKeys(namedCurve = 'P-256'): Keys {
  return generateKeyPairSync('ec', { namedCurve });
}

export const ecdsaSha256: TestAlgorithm = simple(OID.ecdsaWithSha256, 'sha256');
export const ecdsaSha384: TestAlgorithm = simple(OID.ecdsaWithSha384, 'sha384');
export const ecdsaSha512: TestAlgorithm = simple(OID.ecdsaWithSha512, 'sha512');
export const rsaSha1: TestAlgorithm = simple(OID.sha1WithRsa, 'sha1');
export const rsaSha256: TestAlgorithm = simple(OID.sha256WithRsa, 'sha256');
export const dsaSha256: TestAlgorithm = simple(OID.dsaWithSha256, 'sha256');

const sha256Identifier = sequence(objectIdentifier(OID.sha256), derNull);

export const pssSha256: TestAlgorithm = {
  identifier: sequence(
    objectIdentifier(OID.rsaPss),
    sequence(
      contextConstructed(0, sha256Identifier),
      contextConstructed(1, sequence(objectIdentifier(OID.mgf1), sha256Identifier)),
      contextConstructed(2, integer('20')),
    ),
  ),
  sign: (bytes, key) =>
    sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
};

let nextSerial = 0x1000;

/** A certificate for `name`, signed by `issuer`; without one it signs itself. Valid from 2015 to 2035, by default. */
export function issue(name: string, issuer?: Issued, options: IssueOptions = {}): Issued {
  const { publicKey, privateKey } = options.keys ?? ecKeys();
  const algorithm = options.algorithm ?? ecdsaSha256;
  const subject = nameOf([OID.commonName, utf8(name)]);
  const tbs = sequence(
    contextConstructed(0, integer('02')),
    integer(options.serial ?? (nextSerial++).toString(16)),
    algorithm.identifier,
    issuer?.certificate.subject ?? subject,
    sequence(
      utcTime(options.from ?? '2015-01-01T00:00:00Z'),
      utcTime(options.to ?? '2035-01-01T00:00:00Z'),
    ),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    contextConstructed(3, sequence(...extensionsOf(options))),
  );
  const encoded = sequence(
    tbs,
    algorithm.identifier,
    bitString(signed(algorithm, tbs, issuer?.key ?? privateKey, options.damage)),
  );
  return { certificate: new Certificate(encoded), key: privateKey, publicKey };
}

/** A root, an authority under it, and nothing special about either. */
export function issueAuthorities(): { readonly root: Issued; readonly authority: Issued } {
  const root = issue('Root', undefined, { authority: true });
  return { root, authority: issue('Authority', root, { authority: true }) };
}

export function bitString(bytes: Uint8Array): Uint8Array {
  return tlv(TAG.bitString, Uint8Array.of(0), bytes);
}

function signed(
  algorithm: TestAlgorithm,
  tbs: Uint8Array,
  key: KeyObject,
  damage = false,
): Uint8Array {
  const signature = Uint8Array.from(algorithm.sign(tbs, key));
  const last = signature.length - 1;
  if (damage) signature[last] = (signature[last] ?? 0) ^ 1;
  return signature;
}

function extensionsOf(options: IssueOptions): Uint8Array[] {
  const { authority, keyUsage, extendedKeyUsage, extensions = [] } = options;
  const built = [...extensions];
  if (authority !== undefined)
    built.push(extensionOf(OID.basicConstraints, basicConstraints(authority)));
  if (keyUsage !== undefined) {
    const bits = tlv(TAG.bitString, Buffer.from(keyUsage, 'hex'));
    built.push(extensionOf(OID.keyUsage, bits));
  }
  if (extendedKeyUsage !== undefined) {
    const purposes = sequence(...extendedKeyUsage.map((oid) => objectIdentifier(oid)));
    built.push(extensionOf(OID.extendedKeyUsage, purposes));
  }
  return built;
}

function basicConstraints(authority: boolean | { readonly pathLength: number }): Uint8Array {
  if (authority === false) return sequence();
  const isAuthority = tlv(TAG.boolean, Uint8Array.of(0xff));
  if (authority === true) return sequence(isAuthority);
  return sequence(isAuthority, tlv(TAG.integer, Uint8Array.of(authority.pathLength)));
}

function simple(oid: string, digest: string): TestAlgorithm {
  return {
    identifier: sequence(objectIdentifier(oid)),
    sign: (bytes, key) => sign(digest, bytes, key),
  };
}
