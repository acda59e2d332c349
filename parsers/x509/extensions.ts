import { ParseError } from '../bytes/parse-error.ts';
import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readDer } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { primitiveContextTag, TAG } from '../der/tags.ts';
import { parseCaIssuerUrls, parseCrlUrls, parseRfc822Names } from './general-names.ts';
import {
  type BasicConstraints,
  type KeyUsage,
  NO_KEY_USAGE,
  parseBasicConstraints,
  parseExtendedKeyUsage,
  parseKeyUsage,
} from './usage-extensions.ts';

/**
 * The extensions of a certificate that we read. One that is malformed is as if absent, but for key usages, which then
 * allow nothing; all are listed in `problems`.
 */
export interface CertificateExtensions {
  readonly crlUrls: readonly string[];
  /** rfc822Names of SubjectAltName and IssuerAltName. */
  readonly subjectEmails: readonly string[];
  readonly issuerEmails: readonly string[];
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  /** Where the issuer's certificate can be fetched. */
  readonly caIssuerUrls: readonly string[];
  /** undefined where absent, of these three. */
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: KeyUsage | undefined;
  readonly extendedKeyUsage: ReadonlySet<string> | undefined;
  /** Identifiers of all that are marked critical. */
  readonly critical: ReadonlySet<string>;
  /** False where the list breaks off: what limits the certificate may be missing. */
  readonly isWhole: boolean;
  readonly problems: readonly ParseError[];
}

/** Real certificates have up to 11. */
const MAX_EXTENSIONS = 128;

/** Reads what stands in TBSCertificate's [3]; of an extension that is there twice, the first. Source: RFC 5280 §4.2. */
export function parseExtensions(wrapper: DerElement | undefined): CertificateExtensions {
  const problems: ParseError[] = [];
  const values = new Map<string, DerElement>();
  const critical = new Set<string>();
  attempt(problems, () => readExtensions(wrapper, values, critical));
  const isWhole = problems.length === 0;

  function read<Value>(oid: string, parse: (value: DerReader) => Value): Value | undefined {
    const value = values.get(oid);
    if (value === undefined) return undefined;
    return attempt(problems, () => parse(readDer(value.content, value.contentOffset)));
  }
  /** A limit that cannot be read allows nothing; only an absent one allows all. */
  function orElse<Value>(oid: string, nothing: Value): Value | undefined {
    return values.has(oid) ? nothing : undefined;
  }
  return {
    crlUrls: read(OID.crlDistributionPoints, parseCrlUrls) ?? [],
    subjectEmails: read(OID.subjectAltName, parseRfc822Names) ?? [],
    issuerEmails: read(OID.issuerAltName, parseRfc822Names) ?? [],
    subjectKeyIdentifier: read(OID.subjectKeyIdentifier, parseSubjectKeyIdentifier),
    authorityKeyIdentifier: read(OID.authorityKeyIdentifier, parseAuthorityKeyIdentifier),
    caIssuerUrls: read(OID.authorityInfoAccess, parseCaIssuerUrls) ?? [],
    basicConstraints: read(OID.basicConstraints, parseBasicConstraints),
    keyUsage: read(OID.keyUsage, parseKeyUsage) ?? orElse(OID.keyUsage, NO_KEY_USAGE),
    extendedKeyUsage:
      read(OID.extendedKeyUsage, parseExtendedKeyUsage) ?? orElse(OID.extendedKeyUsage, new Set()),
    critical,
    isWhole,
    problems,
  };
}

/** Fills `values` in file order, so that those before a problem are kept. */
function readExtensions(
  wrapper: DerElement | undefined,
  values: Map<string, DerElement>,
  critical: Set<string>,
): void {
  if (wrapper === undefined) return;
  for (const extension of wrapper.children.read(TAG.sequence, 'Extensions').children.rest()) {
    if (values.size === MAX_EXTENSIONS)
      throw extension.error('too-many', `more than ${MAX_EXTENSIONS} extensions`);
    const fields = extension.children;
    const oid = readOid(fields, 'Extension.extnID');
    if (fields.optional(TAG.boolean)?.content[0]) critical.add(oid);
    const value = fields.read(TAG.octetString, 'Extension.extnValue');
    if (!values.has(oid)) values.set(oid, value);
  }
}

function parseSubjectKeyIdentifier(value: DerReader): Uint8Array {
  return value.read(TAG.octetString, 'SubjectKeyIdentifier').content;
}

function parseAuthorityKeyIdentifier(value: DerReader): Uint8Array | undefined {
  const fields = value.read(TAG.sequence, 'AuthorityKeyIdentifier').children;
  return fields.optional(primitiveContextTag(0))?.content;
}

function attempt<Value>(problems: ParseError[], parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    problems.push(error);
    return undefined;
  }
}
