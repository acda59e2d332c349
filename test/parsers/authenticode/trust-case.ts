import { hash } from 'node:crypto';
import { expect } from 'vitest';
import { readSignatures } from '../../../parsers/authenticode/read-signatures.ts';
import type { DigestAlgorithm } from '../../../parsers/authenticode/signature-report.ts';
import type { VerificationContext } from '../../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../../parsers/authenticode/verify-signature.ts';
import { OID } from '../../../parsers/der/oids.ts';
import { rootSet } from '../../../parsers/x509/root-set.ts';
import {
  ecdsaSha256,
  type Issued,
  type IssueOptions,
  issue,
  issueAuthorities,
} from '../x509/test-authority.ts';
import { buildSignature, imageSha256, tableOf } from './signature-builder.ts';
import { identifierOf, type TimestampParts, timestampAttribute } from './timestamp-builder.ts';

export const { root, authority } = issueAuthorities();
export const tsaRoot = issue('TSA Root', undefined, { authority: true });
export const tsa = issue('TSA', tsaRoot, { extendedKeyUsage: [OID.timeStamping] });
export const inTime = { kind: 'rfc3161', by: tsa, time: '2018-06-01T10:00:00Z' } as const;

export const anchors = {
  source: 'test roots',
  codeSigning: rootSet([root.certificate]),
  timeStamping: rootSet([tsaRoot.certificate]),
  judges: true,
};
export const context: VerificationContext = { now: '2026-11-24T00:00:00Z', anchors };

export interface Case {
  readonly leaf?: IssueOptions;
  readonly timestamps?: readonly TimestampParts[];
  readonly certificates?: readonly Issued[];
  readonly unsignedAttributes?: readonly Uint8Array[];
  readonly context?: Partial<VerificationContext>;
  readonly image?: string;
}

export const expired: IssueOptions = { from: '2017-05-01T00:00:00Z', to: '2019-05-01T23:59:59Z' };

export function report(given: Case = {}) {
  const leaf = issue('Signer', authority, { extendedKeyUsage: [OID.codeSigning], ...given.leaf });
  let value: Uint8Array = new Uint8Array();
  const parts = {
    signer: identifierOf(leaf),
    certificates: [leaf, authority, ...(given.certificates ?? [tsa])].map(
      ({ certificate }) => certificate.encoded,
    ),
  };
  buildSignature({ ...parts, sign: (bytes) => (value = ecdsaSha256.sign(bytes, leaf.key)) });
  const unsignedAttributes = [
    ...(given.timestamps ?? []).map((timestamp) => timestampAttribute(timestamp, value)),
    ...(given.unsignedAttributes ?? []),
  ];
  const content = buildSignature({ ...parts, sign: () => value, unsignedAttributes });
  const [signature] = readSignatures(tableOf(content)).signatures;
  if (signature === undefined) expect.fail('no signature was read');
  const digest = given.image === undefined ? imageSha256 : hash('sha256', given.image);
  const digests: ReadonlyMap<DigestAlgorithm, string> = new Map([['sha256', digest]]);
  return verifySignature(signature, 0, digests, { ...context, ...given.context });
}

export function outcome(given: Case) {
  const { status, isTrusted, findings } = report(given);
  return { status, isTrusted, findings: findings.map(({ code }) => code) };
}

export const trusted = { status: 'Trusted', isTrusted: true, findings: [] };

export function untrusted(...findings: readonly string[]) {
  return { status: 'NotTrusted', isTrusted: false, findings };
}
