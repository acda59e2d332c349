import type { Finding } from '../authenticode/signature-report.ts';
import type { Certificate } from './certificate.ts';
import type { RootRestriction } from './root-restrictions.ts';
import type { CertificateUsage } from './trust-anchors.ts';

/**
 * What Microsoft's programme holds against a chain that ends at `root`. Dates are days: the limit begins at 00:00 UTC.
 * Source: "Microsoft Trusted Root Program", "Deprecation actions": Disable, NotBefore, Remove a usage.
 */
export function restrictionFindings(
  root: Certificate,
  leaf: Certificate,
  restriction: RootRestriction | undefined,
  { usage, verificationMs }: { readonly usage: CertificateUsage; readonly verificationMs: number },
): Finding[] {
  if (restriction === undefined) return [];
  const { usages, notBefore, notBeforeUsages, disallowedFrom, disallowedUsages } = restriction;
  const { name } = root.facts;
  const purpose = usage.replace('_', ' ');
  const findings: Finding[] = [];
  if (usages && !usages.includes(usage))
    findings.push(error('CERT_E_WRONG_USAGE', `${name} is no trusted root for ${purpose}`));
  if (notBefore !== undefined && covers(notBeforeUsages, usage)) {
    const detail = `${name} is a trusted root only for certificates issued before ${notBefore}`;
    if (leaf.validFromMs >= Date.parse(notBefore)) findings.push(distrust(detail));
  }
  if (disallowedFrom !== undefined && covers(disallowedUsages, usage)) {
    const detail = `${name} is a trusted root only for ${purpose} before ${disallowedFrom}`;
    if (verificationMs >= Date.parse(disallowedFrom)) findings.push(distrust(detail));
  }
  if (disallowedFrom === undefined && disallowedUsages?.includes(usage))
    findings.push(distrust(`${name} is no longer a trusted root for ${purpose}`));
  return findings;
}

function covers(usages: readonly string[] | undefined, usage: CertificateUsage): boolean {
  return usages === undefined || usages.includes(usage);
}

function distrust(detail: string): Finding {
  return error('TRUST_E_EXPLICIT_DISTRUST', detail);
}

function error(code: string, detail: string): Finding {
  return { code, level: 'error', detail };
}
