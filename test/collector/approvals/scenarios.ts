import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Approval } from '../../../collector/approvals/approval.ts';
import { requireApprovals } from '../../../collector/approvals/parse-approvals.ts';
import type { Finding } from '../../../collector/findings/finding.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';

export const ticks = (text: string) => parseDatetime(text) ?? 0n;

/** When the example of docs/approvals.md was written. */
export const NOW = ticks('2026-11-24T12:00:00Z');

/** The example file in docs/approvals.md. */
export function exampleFile(): string {
  const file = path.join(import.meta.dirname, '../../../docs/approvals.md');
  const found = /```yaml\n(.*?)```/s.exec(readFileSync(file, 'utf8'));
  if (!found?.[1]) throw new Error('docs/approvals.md has no example');
  return found[1];
}

/** Its approvals as the store has them. */
export function exampleApprovals(): readonly Approval[] {
  return requireApprovals(exampleFile(), 'example.yaml', NOW).map((text) => ({
    ...text,
    version: 1,
    approvedAt: NOW,
    approvedBy: 'test',
  }));
}

/** A finding that no approval of the example is for, but for what `values` change. */
export function finding(values: Partial<Finding>): Finding {
  return {
    deviceId: 'a'.repeat(40),
    deviceName: 'lone.example.com',
    machineGroup: '',
    rule: '18f7c17b-65d4-4263-b9e2-587e84233989',
    ruleName: 'Remote Management and Monitoring tool - TightVNC - File Signature',
    tool: 'TightVNC',
    path: 'C:\\Program Files\\TightVNC\\tvnviewer.exe',
    sha1: '1'.repeat(40),
    sha256: '1'.repeat(64),
    grade: 'signature-trusted',
    signer: 'GlavSoft OOO',
    signerHash: `4d125bf0${'a'.repeat(32)}`,
    firstSeen: NOW,
    lastSeen: NOW,
    lastReceived: NOW,
    processes: null,
    ...values,
  };
}
