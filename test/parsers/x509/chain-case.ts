import { OID } from '../../../parsers/der/oids.ts';
import { buildChain, type Chain } from '../../../parsers/x509/build-chain.ts';
import type { ChainPurpose } from '../../../parsers/x509/check-path.ts';
import { type RootSet, rootSet } from '../../../parsers/x509/root-set.ts';
import type { Issued, IssueOptions } from './test-authority.ts';

export const NOW = Date.parse('2026-11-24T00:00:00Z');

export const forCode: ChainPurpose = {
  usage: 'code_signing',
  verificationMs: NOW,
  verificationTimeIs: 'now',
  timestampMs: undefined,
  endIsJudged: true,
  revocation: undefined,
  nowMs: NOW,
  distrusted: undefined,
};

export function chainOf(
  leaf: Issued,
  embedded: readonly Issued[],
  roots: readonly Issued[] | RootSet | undefined,
  purpose: Partial<ChainPurpose> = {},
): Chain {
  const trusted = Array.isArray(roots)
    ? rootSet(roots.map(({ certificate }: Issued) => certificate))
    : (roots as RootSet | undefined);
  return buildChain(
    leaf.certificate,
    embedded.map(({ certificate }) => certificate),
    trusted,
    { ...forCode, ...purpose },
  );
}

export function names({ links }: Chain): string[] {
  return links.map(({ certificate }) => certificate.name);
}

export function codes({ findings }: Chain): string[] {
  return findings.map(({ code }) => code);
}

export const leafOptions: IssueOptions = { extendedKeyUsage: [OID.codeSigning], keyUsage: '0780' };
