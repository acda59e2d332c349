import { ParseError } from '../bytes/parse-error.ts';
import { attributeValues } from '../cms/attribute.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { type DerElement, readDer } from '../der/der-reader.ts';
import { OID } from '../der/oids.ts';
import type { WinCertificate, WinCertificateTable } from '../pe/win-certificate.ts';
import { findSigner, readCertificateBag } from '../x509/certificate-bag.ts';
import type { AuthenticodeSignature, Padding } from './authenticode-signature.ts';
import { ProblemList } from './problem-list.ts';
import type { DigestAlgorithm } from './signature-report.ts';
import { parseSpcIndirectData } from './spc-indirect-data.ts';
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
 * Windows looks at entries of revision 2.0 and type PKCS_SIGNED_DATA only; others are listed as `unsupported`.
 * Source: PE/COFF spec, "The Attribute Certificate Table (Image Only)"; nested signatures are Microsoft's undocumented
 * SPC_NESTED_SIGNATURE, 1.3.6.1.4.1.311.2.4.1.
 */
export function readSignatures(table: WinCertificateTable): Signatures {
  const found = new SignatureCollector();
  if (table.problem) found.problems.add(table.problem);
  for (const entry of table.certificates) found.problems.attempt(() => found.addFromEntry(entry));
  return { signatures: found.signatures, problems: found.problems.problems };
}

/** The image digests needed to verify these, each once: nothing else has to be computed over the file. */
export function digestAlgorithmsOf(
  signatures: readonly AuthenticodeSignature[],
): DigestAlgorithm[] {
  const algorithms = signatures.map(({ indirectData }) => indirectData.digestAlgorithm);
  return [...new Set(algorithms.filter((algorithm) => algorithm !== undefined))];
}

class SignatureCollector {
  readonly signatures: AuthenticodeSignature[] = [];
  readonly problems = new ProblemList();

  addFromEntry(entry: WinCertificate): void {
    if (
      entry.revision !== WIN_CERT_REVISION_2_0 ||
      entry.certificateType !== WIN_CERT_TYPE_PKCS_SIGNED_DATA
    ) {
      const message = `WIN_CERTIFICATE of revision 0x${entry.revision.toString(16)}, type ${entry.certificateType}`;
      throw new ParseError('unsupported', entry.offset, message);
    }
    const contentInfo = readDer(entry.content, entry.contentOffset).next();
    this.#add(contentInfo, 0, paddingAfter(contentInfo, entry));
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
        return;
      }
      this.problems.attempt(() => this.#add(inner, depth + 1, NO_PADDING));
    }
  }

  #parse(contentInfo: DerElement, padding: Padding): AuthenticodeSignature {
    const signedData = parseContentInfo(contentInfo);
    const { content, contentType } = signedData;
    if (contentType !== OID.spcIndirectData)
      throw contentInfo.error('unsupported', `content type ${contentType} is not Authenticode`);
    if (content === undefined) throw contentInfo.error('bad-value', 'nothing is signed');

    const [signerInfo, second] = signedData.signerInfos;
    if (signerInfo === undefined) throw contentInfo.error('bad-value', 'no SignerInfo');
    if (second !== undefined)
      this.problems.add(new ParseError('unsupported', second.offset, 'more than one SignerInfo'));

    const indirectData = parseSpcIndirectData(content);
    const bag = readCertificateBag(signedData.certificates);
    this.problems.add(...bag.problems);
    const signed = signerInfo.signedAttributes?.attributes ?? [];
    const [opusInfo] = attributeValues(signed, OID.spcSpOpusInfo);
    return {
      offset: contentInfo.offset,
      indirectData,
      content: content.content,
      signerInfo,
      certificates: bag.certificates,
      signer: findSigner(bag.certificates, signerInfo.signer),
      opusInfo: opusInfo && this.problems.attempt(() => parseSpcSpOpusInfo(opusInfo)),
      timestamps: readTimestamps(signerInfo.unsignedAttributes, bag.certificates, this.problems),
      padding,
    };
  }
}

function paddingAfter(contentInfo: DerElement, entry: WinCertificate): Padding {
  const rest = entry.content.subarray(contentInfo.encoded.length);
  return { size: rest.length, isZero: rest.every((byte) => byte === 0) };
}
