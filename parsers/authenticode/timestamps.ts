import { type Attribute, attributeValues } from '../cms/attribute.ts';
import { parseContentInfo } from '../cms/content-info.ts';
import { parseSignerInfo, type SignerInfo } from '../cms/signer-info.ts';
import { parseTstInfo } from '../cms/tst-info.ts';
import type { DerElement } from '../der/der-reader.ts';
import { OID } from '../der/oids.ts';
import { TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import type { Certificate } from '../x509/certificate.ts';
import { findSigner, readCertificateBag } from '../x509/certificate-bag.ts';
import type { Timestamp } from './authenticode-signature.ts';
import type { ProblemList } from './problem-list.ts';

/** A signature has one countersignature, rarely two. */
const MAX_TIMESTAMPS = 16;

/**
 * The countersignatures among the unsigned attributes, in file order. One that is malformed costs only itself.
 * `certificates` are the signature's own: a PKCS#9 countersigner's is there, an RFC 3161 token brings its own.
 */
export function readTimestamps(
  attributes: readonly Attribute[],
  certificates: readonly Certificate[],
  problems: ProblemList,
): Timestamp[] {
  const timestamps: Timestamp[] = [];
  for (const { type, values } of attributes) {
    const parse = parsers.get(type);
    if (parse === undefined) continue;
    for (const value of values) {
      if (timestamps.length === MAX_TIMESTAMPS) {
        problems.add(value.error('too-many', `more than ${MAX_TIMESTAMPS} countersignatures`));
        return timestamps;
      }
      const timestamp = problems.attempt(() => parse(value, certificates, problems));
      if (timestamp) timestamps.push(timestamp);
    }
  }
  return timestamps;
}

/** Source: PKCS#9 (RFC 2985) §5.3.6, §5.3.3. */
function parsePkcs9(value: DerElement, certificates: readonly Certificate[]): Timestamp {
  const signerInfo = parseSignerInfo(value);
  const [signingTime] = attributeValues(
    signerInfo.signedAttributes?.attributes ?? [],
    OID.signingTime,
  );
  return {
    kind: 'pkcs9',
    signerInfo,
    signer: findSigner(certificates, signerInfo.signer),
    time: signingTime ? decodeTime(signingTime) : null,
  };
}

/** Source: RFC 3161 §2.4.2; the attribute is Microsoft's SPC_RFC3161_OBJID. */
function parseRfc3161(
  value: DerElement,
  certificates: readonly Certificate[],
  problems: ProblemList,
): Timestamp {
  const token = parseContentInfo(value);
  if (token.contentType !== OID.tstInfo)
    throw value.error('unsupported', `a timestamp token of type ${token.contentType}`);
  if (token.content?.tag !== TAG.octetString)
    throw value.error('bad-value', 'a timestamp token without a TSTInfo');
  const tstInfo = parseTstInfo(token.content.content, token.content.contentOffset);
  const signerInfo = soleSignerInfo(token.signerInfos, value);
  const bag = readCertificateBag(token.certificates);
  problems.add(...bag.problems);
  return {
    kind: 'rfc3161',
    token,
    tstInfo,
    signerInfo,
    certificates: bag.certificates,
    signer: findSigner([...bag.certificates, ...certificates], signerInfo.signer),
    time: tstInfo.genTime,
  };
}

function soleSignerInfo([signerInfo]: readonly SignerInfo[], value: DerElement): SignerInfo {
  if (signerInfo === undefined)
    throw value.error('bad-value', 'a timestamp token without a SignerInfo');
  return signerInfo;
}

const parsers = new Map([
  [OID.counterSignature as string, parsePkcs9],
  [OID.rfc3161Timestamp as string, parseRfc3161],
]);
