import { ParseError } from '../bytes/parse-error.ts';
import { attributeValues } from '../cms/attribute.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { type DerElement, readDer } from '../der/der-reader.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import type { WinCertificate, WinCertificateTable } from '../pe/win-certificate.ts';
import { findSigner, readCertificateBag } from '../x509/certificate-bag.ts';
import type { AuthenticodeSignature, Padding } from './authenticode-signature.ts';
import { ProblemList } from './problem-list.ts';
import type { DigestAlgorithm } from './signature-report.ts';
import { parseSpcIndirectData } from './spc-indirect-data.ts';
import { parsePageHashes } from './spc-page-hashes.ts';
import { parseSpcSpOpusInfo } from './spc-sp-opus-info.ts';
import { readTimestamps } from './timestamps.ts';

export interface Signatures {
  readonly signatures: readonly AuthenticodeSignature[];
  /** Everything that could not be read, the table's own problem first. Offsets are file offsets. */
  readonly problems: readonly ParseError[];
}

const WIN_CERT_REVISION_2_0 = 0x0200;
const WIN_CERT_TYPE_PKCS_SIGNED_DATA = 2;

/** A primary signature has one or two nested ones, and those none. */
const MAX_NESTING = 4;
const MAX_SIGNATURES = 64;

const NO_PADDING: Padding = { size: 0, isZero: true };

/**
 * Every signature of a certificate table: the primary one, those nested in it, then further entries and theirs. A bad
 * signature costs only itself and is listed.
 *
 * Only entries of revision 2.0 and type PKCS_SIGNED_DATA are Authenticode; others are listed as `unsupported`.
 * Source: Authenticode_PE.docx, "Authenticode Signature Format"; nested signatures are Microsoft's undocumented
 * SPC_NESTED_SIGNATURE, 1.3.6.1.4.1.311.2.4.1.
 */
export function readSignatures(table: WinCertificateTable): Signatures {
  const found = new SignatureCollector(OID.spcIndirectData, table.trailing.size);
  if (table.problem) found.problems.add(table.problem);
  for (const entry of table.certificates) found.problems.attempt(() => found.addFromEntry(entry));
  return { signatures: found.signatures, problems: found.problems.problems };
}

/** What a signature signs: the digest of a file, or the list that a catalog is. */
export type SignedContentType = typeof OID.spcIndirectData | typeof OID.certificateTrustList;

/**
 * Every signature of one PKCS#7 that stands elsewhere than in a certificate table: in a stream of a compound file, at the
 * end of a cabinet, in a comment of a script. `offset` is its place in the file, for messages.
 *
 * The caller names the content type: a catalog's PKCS#7 in the place of a file's signature covers no digest of that file,
 * and must not pass for one.
 */
export function readPkcs7Signatures(
  content: Uint8Array,
  offset: number,
  contentType: SignedContentType = OID.spcIndirectData,
): Signatures {
  const found = new SignatureCollector(contentType);
  found.problems.attempt(() => found.addFromContent(content, offset));
  return { signatures: found.signatures, problems: found.problems.problems };
}

/** The image digests needed to verify these, each once: nothing else has to be computed over the file. */
export function digestAlgorithmsOf(
  signatures: readonly AuthenticodeSignature[],
): DigestAlgorithm[] {
  const algorithms = signatures.map(({ indirectData }) => indirectData?.digestAlgorithm);
  return [...new Set(algorithms.filter((algorithm) => algorithm !== undefined))];
}

class SignatureCollector {
  readonly signatures: AuthenticodeSignature[] = [];
  readonly problems = new ProblemList();
  readonly #contentType: SignedContentType;
  readonly #behindEntries: number;

  constructor(contentType: SignedContentType, behindEntries = 0) {
    this.#contentType = contentType;
    this.#behindEntries = behindEntries;
  }

  addFromEntry(entry: WinCertificate): void {
    if (
      entry.revision !== WIN_CERT_REVISION_2_0 ||
      entry.certificateType !== WIN_CERT_TYPE_PKCS_SIGNED_DATA
    ) {
      const message = `WIN_CERTIFICATE of revision 0x${entry.revision.toString(16)}, type ${entry.certificateType}`;
      throw new ParseError('unsupported', entry.offset, message);
    }
    this.addFromContent(entry.content, entry.contentOffset);
  }

  addFromContent(content: Uint8Array, offset: number): void {
    const contentInfo = readDer(content, offset).next();
    this.#add(contentInfo, 0, paddingAfter(contentInfo, content));
  }

  #add(contentInfo: DerElement, depth: number, padding: Padding): void {
    if (this.signatures.length === MAX_SIGNATURES)
      throw contentInfo.error('too-many', `more than ${MAX_SIGNATURES} signatures`);
    const signature = this.#parse(contentInfo, padding);
    this.signatures.push(signature);

    const nested = attributeValues(signature.signerInfo.unsignedAttributes, OID.nestedSignature);
    for (const inner of nested) {
      if (depth === MAX_NESTING) {
        this.problems.add(inner.error('too-deep', `nested more than ${MAX_NESTING} deep`));
        continue;
      }
      this.problems.attempt(() => this.#add(inner, depth + 1, NO_PADDING));
    }
  }

  #parse(contentInfo: DerElement, padding: Padding): AuthenticodeSignature {
    const signedData = parseContentInfo(contentInfo);
    const { content, contentType } = signedData;
    if (contentType !== this.#contentType)
      throw contentInfo.error(
        'unsupported',
        `content type ${contentType} where ${this.#contentType} belongs`,
      );
    if (content === undefined) throw contentInfo.error('bad-value', 'nothing is signed');

    const [signerInfo, second] = signedData.signerInfos;
    if (signerInfo === undefined) throw contentInfo.error('bad-value', 'no SignerInfo');
    if (second !== undefined)
      this.problems.add(new ParseError('unsupported', second.offset, 'more than one SignerInfo'));

    const indirectData =
      contentType === OID.spcIndirectData
        ? parseSpcIndirectData(withoutOctetString(content))
        : undefined;
    const imageData = indirectData?.imageData;
    const bag = readCertificateBag(signedData.certificates);
    this.problems.add(...bag.problems);
    const signed = signerInfo.signedAttributes?.attributes ?? [];
    const [opusInfo] = attributeValues(signed, OID.spcSpOpusInfo);
    return {
      offset: contentInfo.offset,
      indirectData,
      pageHashes: imageData && this.problems.attempt(() => parsePageHashes(imageData)),
      content: content.content,
      signerInfo,
      certificates: bag.certificates,
      signer: findSigner(bag.certificates, signerInfo.signer),
      opusInfo: opusInfo && this.problems.attempt(() => parseSpcSpOpusInfo(opusInfo)),
      timestamps: readTimestamps(signerInfo.unsignedAttributes, bag.certificates, this.problems),
      padding,
      behindEntries: this.signatures.length === 0 ? this.#behindEntries : 0,
    };
  }
}

/** PKCS#7 puts the structure itself there; CMS, as .NET's SignedCms writes it into scripts, wraps it in an OCTET STRING. */
function withoutOctetString(content: DerElement): DerElement {
  if (content.tag !== TAG.octetString) return content;
  return readDer(content.content, content.contentOffset).next();
}

function paddingAfter(contentInfo: DerElement, content: Uint8Array): Padding {
  const rest = content.subarray(contentInfo.encoded.length);
  return { size: rest.length, isZero: rest.every((byte) => byte === 0) };
}
