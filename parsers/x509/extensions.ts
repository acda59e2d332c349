import { ParseError } from '../bytes/parse-error.ts';
import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readDer } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { OID } from '../der/oids.ts';
import { primitiveContextTag, TAG } from '../der/tags.ts';
import { parseCrlUrls, parseRfc822Names } from './general-names.ts';

/** The extensions of a certificate that we read. One that is malformed is as if absent, and listed in `problems`. */
export interface CertificateExtensions {
  readonly crlUrls: readonly string[];
  /** rfc822Names of SubjectAltName and IssuerAltName. */
  readonly subjectEmails: readonly string[];
  readonly issuerEmails: readonly string[];
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly problems: readonly ParseError[];
}

/** Real certificates have up to 11. */
const MAX_EXTENSIONS = 128;

/** Reads what stands in TBSCertificate's [3]; of an extension that is there twice, the first. Source: RFC 5280 §4.2. */
export function parseExtensions(wrapper: DerElement | undefined): CertificateExtensions {
  const problems: ParseError[] = [];
  const values = new Map<string, DerElement>();
  attempt(problems, () => readExtensions(wrapper, values));

  function read<Value>(oid: string, parse: (value: DerReader) => Value): Value | undefined {
    const value = values.get(oid);
    if (value === undefined) return undefined;
    return attempt(problems, () => parse(readDer(value.content, value.contentOffset)));
  }
  return {
    crlUrls: read(OID.crlDistributionPoints, parseCrlUrls) ?? [],
    subjectEmails: read(OID.subjectAltName, parseRfc822Names) ?? [],
    issuerEmails: read(OID.issuerAltName, parseRfc822Names) ?? [],
    subjectKeyIdentifier: read(OID.subjectKeyIdentifier, parseSubjectKeyIdentifier),
    authorityKeyIdentifier: read(OID.authorityKeyIdentifier, parseAuthorityKeyIdentifier),
    problems,
  };
}

/** Fills `values` in file order, so that those before a problem are kept. */
function readExtensions(wrapper: DerElement | undefined, values: Map<string, DerElement>): void {
  if (wrapper === undefined) return;
  for (const extension of wrapper.children.read(TAG.sequence, 'Extensions').children.rest()) {
    if (values.size === MAX_EXTENSIONS)
      throw extension.error('too-many', `more than ${MAX_EXTENSIONS} extensions`);
    const fields = extension.children;
    const oid = readOid(fields, 'Extension.extnID');
    fields.optional(TAG.boolean); // critical
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
