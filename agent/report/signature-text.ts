import type {
  CertificateFacts,
  ChainLink,
  CounterSignature,
  SignatureReport,
} from '../../parsers/authenticode/signature-report.ts';
import { OID } from '../../parsers/der/oids.ts';
import { statusWords } from '../../parsers/record/signature-words.ts';
import { matchWords } from '../../parsers/rules/grade-words.ts';
import type { InspectedSignature } from '../commands/inspect-report.ts';
import type { SignatureStructure } from '../inspect/file-structure.ts';
import type { TextPage } from './text-page.ts';

/** One signature with all that is known of it. */
export function addSignature(page: TextPage, signature: InspectedSignature): void {
  page.heading(`Signature ${signature.index}: ${statusWords[signature.status]}`);
  for (const { level, code, detail } of signature.findings)
    page.field(1, level, `${code}: ${detail}`);
  for (const { id, name } of signature.rules) page.field(1, 'RULE', `${name} (${id})`);
  if (signature.grade !== null)
    page.field(1, 'match', matchWords(signature.grade, signature.status));
  addDigest(page, signature);
  page.field(1, 'program', signature.programName);
  page.field(1, 'more info', signature.moreInfo);
  if (signature.signer === null)
    page.field(1, 'signer', 'unknown: its certificate is not in the signature');
  else addSigner(page, signature.signer, signature.issuerSha1);
  addChain(page, 1, signature.chain);
  if (signature.counterSignatures.length === 0)
    page.field(1, 'timestamp', 'none: signed at an unknown time');
  for (const counterSignature of signature.counterSignatures) addTimestamp(page, counterSignature);
  page.field(1, 'revocation', revocationWords[signature.revocationStatus]);
  if (signature.structure !== null) addStructure(page, signature.structure);
}

const revocationWords: Readonly<Record<SignatureReport['revocationStatus'], string>> = {
  'not-checked': 'not checked',
  good: 'on none of the lists at hand',
  revoked: 'REVOKED',
};

function addDigest(
  page: TextPage,
  { digestAlgorithm, embeddedDigest, computedDigest }: SignatureReport,
): void {
  if (embeddedDigest === null) return;
  const algorithm = digestAlgorithm ?? 'unknown algorithm';
  const isSame = embeddedDigest === computedDigest;
  const verdict = isSame ? 'the file is as it was signed' : 'NOT THE FILE THAT WAS SIGNED';
  page.field(1, 'digest', `${algorithm}, ${verdict}`);
  page.field(1, '  signed', embeddedDigest);
  if (!isSame) page.field(1, '  computed', computedDigest ?? 'nothing');
}

function addSigner(page: TextPage, signer: CertificateFacts, issuerSha1: string | null): void {
  page.field(1, 'signer', signer.name);
  page.field(1, '  subject', signer.subject);
  page.field(1, '  serial', signer.serial);
  page.field(1, '  SHA-1', signer.sha1);
  page.field(1, '  SHA-256', signer.sha256);
  page.field(1, '  valid', validity(signer));
  for (const url of signer.crlUrls) page.field(1, '  CRL', url);
  page.field(1, 'issuer', signer.issuerName);
  page.field(1, '  subject', signer.issuer);
  page.field(1, '  SHA-1', issuerSha1 ?? 'its certificate is not at hand');
}

/** Leaf first; below each certificate what is wrong with it there. */
function addChain(page: TextPage, level: number, chain: readonly ChainLink[]): void {
  for (const [place, { certificate, findings }] of chain.entries()) {
    const label = place === 0 ? 'chain' : '';
    page.field(level, label, `${place + 1}. ${certificate.name}, ${validity(certificate)}`);
    page.field(level, '', `   ${certificate.sha1}`);
    for (const finding of findings)
      page.field(level, '', `   ${finding.level}: ${finding.code}: ${finding.detail}`);
  }
}

function addTimestamp(page: TextPage, { kind, time, signer, chain }: CounterSignature): void {
  const form = kind === 'pkcs9' ? 'PKCS#9 countersignature' : 'RFC 3161 token';
  page.field(1, 'timestamp', `${time ?? 'no time'}, ${form}`);
  page.field(1, '  by', signer ?? 'unknown: its certificate is not in the file');
  addChain(page, 2, chain);
}

/** Attributes that anybody can add to a signature without breaking it. */
const attributeNames: Readonly<Record<string, string>> = {
  [OID.counterSignature]: 'PKCS#9 countersignature',
  [OID.rfc3161Timestamp]: 'RFC 3161 timestamp',
  [OID.nestedSignature]: 'nested signature',
};

function addStructure(page: TextPage, structure: SignatureStructure): void {
  const { padding, unauthenticatedAttributes: attributes } = structure;
  page.field(1, 'PKCS#7', `at byte ${structure.offset}, ${structure.certificates} certificates`);
  if (padding.size > 0)
    page.field(1, 'padding', `${padding.size} bytes${padding.isZero ? '' : ', not all zero'}`);
  for (const [place, { type, size }] of attributes.entries()) {
    const name = attributeNames[type] ?? type;
    page.field(1, place === 0 ? 'not covered' : '', `${name}, ${size} bytes`);
  }
}

function validity({ notBefore, notAfter }: CertificateFacts): string {
  return `${day(notBefore)} to ${day(notAfter)}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}
