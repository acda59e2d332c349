import { describe, expect, test } from 'vitest';
import type { Approval } from '../../../collector/approvals/approval.ts';
import { judgeApproval } from '../../../collector/approvals/judge-approval.ts';
import type { Refusal } from '../../../collector/approvals/judgement.ts';
import type { Finding } from '../../../collector/findings/finding.ts';
import { exampleApprovals, finding, NOW, ticks } from './scenarios.ts';

const approvals = exampleApprovals();

/** A finding of each of DESIGN's five scenarios that its approval is for. */
const scenarios: Readonly<Record<string, Finding>> = {
  'helpdesk-support': finding({ deviceName: 'help-3.example.com', machineGroup: 'Helpdesk' }),
  'nightly-maintenance': finding({
    deviceName: 'BUILD-07.example.com',
    processes: [{ name: 'TVNVIEWER.EXE', parentName: 'svchost.exe' }],
  }),
  'firewall-change': finding({
    deviceId: 'b'.repeat(40),
    path: 'c:\\PROGRAM FILES\\TightVNC\\tvnserver.exe',
  }),
  'sccm-deployment': finding({
    deviceName: 'pc-0815.example.com',
    path: 'C:\\Windows\\ccmcache\\1a\\tightvnc-2.8.85-setup.exe',
    processes: [{ name: 'tightvnc-2.8.85-setup.exe', parentName: 'ccmexec.exe' }],
  }),
  'vdi-image': finding({
    deviceName: 'vdi-77',
    path: 'C:\\Users\\Public\\tvnserver.exe',
    sha256: '5'.repeat(64),
  }),
};

describe('legitimate use is approved:', () => {
  test.each(Object.entries(scenarios))('%s', (id, found) => {
    expect(judgeApproval(found, approvals, NOW)).toMatchObject({
      state: 'approved',
      approvalId: id,
      closest: null,
      refusals: [],
    });
  });
});

interface NearMiss {
  readonly name: string;
  readonly of: string;
  readonly change: Partial<Finding>;
  readonly refusals: readonly Refusal[];
  readonly says: string;
}

const nearMisses: readonly NearMiss[] = [
  {
    name: 'on another device',
    of: 'helpdesk-support',
    change: { deviceName: 'sales-1.example.com', machineGroup: 'sales' },
    refusals: ['other-device'],
    says: 'is not for device sales-1.example.com',
  },
  {
    name: 'on a device whose name goes on after the approved one',
    of: 'nightly-maintenance',
    change: { deviceName: 'build-07.example.com.evil.org' },
    refusals: ['other-device'],
    says: 'is not for device build-07.example.com.evil.org',
  },
  {
    name: 'in another folder',
    of: 'firewall-change',
    change: { path: 'C:\\Program Files\\Other\\tvnserver.exe' },
    refusals: ['other-path'],
    says: 'is not for the path C:\\Program Files\\Other\\tvnserver.exe',
  },
  {
    name: 'a folder further down than * reaches',
    of: 'firewall-change',
    change: { path: 'C:\\Program Files\\TightVNC\\x\\tvnserver.exe' },
    refusals: ['other-path'],
    says: 'is not for the path',
  },
  {
    name: 'on another drive',
    of: 'firewall-change',
    change: { path: 'E:\\Program Files\\TightVNC\\tvnserver.exe' },
    refusals: ['other-path'],
    says: 'is not for the path E:',
  },
  {
    name: 'with .. on the way into the approved folder',
    of: 'firewall-change',
    change: { path: 'C:\\Program Files\\TightVNC\\..\\tvnserver.exe' },
    refusals: ['other-path'],
    says: 'is not for the path',
  },
  {
    name: 'in a stream of an approved file',
    of: 'firewall-change',
    change: { path: 'C:\\Program Files\\TightVNC\\tvnserver.exe:x.exe' },
    refusals: ['other-path'],
    says: 'is not for the path',
  },
  {
    name: 'a second copy elsewhere on an approved device',
    of: 'firewall-change',
    change: { path: 'C:\\Users\\eve\\Downloads\\tvnserver.exe' },
    refusals: ['other-path'],
    says: 'is not for the path C:\\Users\\eve\\Downloads\\tvnserver.exe',
  },
  {
    name: 'signed by another, by name',
    of: 'firewall-change',
    change: { signer: 'GlavSoft OOO Ltd', signerHash: 'c'.repeat(40) },
    refusals: ['other-signer'],
    says: 'is not for the signer GlavSoft OOO Ltd',
  },
  {
    name: 'signed with another certificate of that name',
    of: 'nightly-maintenance',
    change: { signerHash: 'c'.repeat(40) },
    refusals: ['other-signer'],
    says: "is not for the signer's certificate cccc",
  },
  {
    name: 'tampered with',
    of: 'helpdesk-support',
    change: { grade: 'signature-untrusted' },
    refusals: ['signature-untrusted'],
    says: 'broken or not trusted',
  },
  {
    name: 'never verified',
    of: 'helpdesk-support',
    change: { grade: 'signature-unverified' },
    refusals: ['signature-unverified'],
    says: 'nobody has verified',
  },
  {
    name: 'a look-alike',
    of: 'vdi-image',
    change: { grade: 'version-info-only', signer: '' },
    refusals: ['look-alike', 'other-signer'],
    says: 'the vendor has not signed',
  },
  {
    name: 'another build',
    of: 'vdi-image',
    change: { sha256: '6'.repeat(64) },
    refusals: ['other-hash'],
    says: 'is not for a file of SHA-256 6666',
  },
  {
    name: 'of an unknown SHA-256',
    of: 'vdi-image',
    change: { sha256: '' },
    refusals: ['other-hash'],
    says: 'SHA-256 unknown',
  },
  {
    name: 'without live context',
    of: 'nightly-maintenance',
    change: { processes: null },
    refusals: ['process-unknown'],
    says: 'needs live context',
  },
  {
    name: 'not running',
    of: 'nightly-maintenance',
    change: { processes: [] },
    refusals: ['process-unknown'],
    says: 'none was seen',
  },
  {
    name: 'of an unknown parent',
    of: 'sccm-deployment',
    change: { processes: [{ name: 'tightvnc-2.8.85-setup.exe', parentName: null }] },
    refusals: ['process-unknown'],
    says: 'started by unknown',
  },
  {
    name: 'started by another too',
    of: 'nightly-maintenance',
    change: {
      processes: [
        { name: 'tvnviewer.exe', parentName: 'svchost.exe' },
        { name: 'tvnviewer.exe', parentName: 'powershell.exe' },
      ],
    },
    refusals: ['other-process'],
    says: 'started by powershell.exe',
  },
];

describe('a near miss is not approved, and says why:', () => {
  test.each(nearMisses)('$of $name', ({ of, change, refusals, says }) => {
    const judgement = judgeApproval({ ...(scenarios[of] as Finding), ...change }, approvals, NOW);
    expect(judgement).toMatchObject({ state: 'unapproved', approvalId: null, closest: of });
    expect(judgement.refusals).toEqual(refusals);
    expect(judgement.words).toContain(says);
    expect(judgement.words).toContain(`approval ${of} `);
  });

  test.each([
    { path: 'C:\\Windows\\Temp\\tightvnc.exe', is: 'unapproved' },
    { path: 'C:\\Windows\\System32\\spool\\drivers\\color\\tightvnc.exe', is: 'unapproved' },
    { path: 'C:\\Windows\\System32\\tightvnc.exe', is: 'approved' },
  ])('a path that covers all of Windows: $path is $is', ({ path, is }) => {
    const [base] = approvals;
    const wide = { ...(base as Approval), paths: ['C:\\Windows\\**'] };
    const found = { ...(scenarios['helpdesk-support'] as Finding), path };
    const judgement = judgeApproval(found, [wide], NOW);
    expect(judgement.state).toBe(is);
    expect(judgement.refusals).toEqual(is === 'approved' ? [] : ['user-writable-path']);
  });

  test('an approval ends with its last instant', () => {
    const found = scenarios['firewall-change'] as Finding;
    const end = ticks('2026-12-05T18:00:00Z');
    expect(judgeApproval(found, approvals, end - 1n).state).toBe('approved');
    const late = judgeApproval(found, approvals, end);
    expect(late).toMatchObject({ state: 'unapproved', refusals: ['expired'] });
    expect(late.words).toContain('expired on 2026-12-05T18:00:00');
  });

  test('365 days after it was approved, whatever it says', () => {
    const [base] = approvals;
    const endless = { ...(base as Approval), expires: NOW * 2n };
    const found = scenarios['helpdesk-support'] as Finding;
    const year = 365n * 864_000_000_000n;
    expect(judgeApproval(found, [endless], NOW + year - 1n).state).toBe('approved');
    expect(judgeApproval(found, [endless], NOW + year).refusals).toEqual(['expired']);
  });

  test('withdrawn', () => {
    const [base] = approvals;
    const ended = { ...(base as Approval), withdrawn: { at: NOW, by: 'lead' } };
    const judgement = judgeApproval(scenarios['helpdesk-support'] as Finding, [ended], NOW);
    expect(judgement.refusals).toEqual(['withdrawn']);
    expect(judgement.words).toContain('was withdrawn on 2026-11-24T12:00:00');
  });

  test('of another tool: no approval is near', () => {
    const other = finding({ tool: 'AnyDesk', rule: 'x', ruleName: 'AnyDesk' });
    expect(judgeApproval(other, approvals, NOW)).toEqual({
      state: 'unapproved',
      approvalId: null,
      closest: null,
      refusals: ['no-approval'],
      words: 'no approval is for AnyDesk',
    });
  });
});

test('of several approvals the one that lacks least explains', () => {
  const found = finding({
    deviceName: 'vdi-1',
    path: 'C:\\x\\tvnviewer.exe',
    sha256: '7'.repeat(64),
  });
  expect(judgeApproval(found, approvals, NOW)).toMatchObject({
    closest: 'vdi-image',
    refusals: ['other-hash'],
  });
});

test('a finding made to be slow to match costs little', () => {
  const [base] = approvals;
  const glob = `C:\\Program Files\\**\\${'*a'.repeat(200)}b\\**\\${'*a'.repeat(200)}b`;
  const slow = { ...(base as Approval), paths: [glob] };
  const path = `C:\\Program Files\\${`${'a'.repeat(200)}\\`.repeat(19)}a`;
  const found = { ...(scenarios['helpdesk-support'] as Finding), path };
  const started = performance.now();
  expect(judgeApproval(found, [slow], NOW).refusals).toEqual(['other-path']);
  expect(performance.now() - started).toBeLessThan(500);
});
