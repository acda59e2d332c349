import type { Finding } from '../../../collector/findings/finding.ts';
import { type Notice, toNotice } from '../../../collector/notify/notice.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';

const ticks = (text: string) => parseDatetime(text) ?? 0n;

export function finding(values: Partial<Finding> = {}): Finding {
  return {
    ...{ deviceId: 'a'.repeat(40), deviceName: 'pc7.corp.example', machineGroup: '' },
    ...{ rule: 'rule-1', ruleName: 'TightVNC', tool: 'TightVNC' },
    ...{ path: 'C:\\Tools\\tvnserver.exe', sha1: '1'.repeat(40), sha256: '2'.repeat(64) },
    ...{ grade: 'signature-trusted', signer: 'GlavSoft LLC.', signerHash: '3'.repeat(40) },
    firstSeen: ticks('2026-07-01T00:00:00Z'),
    lastSeen: ticks('2026-07-02T00:00:00Z'),
    lastReceived: ticks('2026-07-02T00:00:01Z'),
    processes: null,
    ...values,
  };
}

export function notice(values: Partial<Finding> = {}): Notice {
  return toNotice({
    ...{ event: 'new-finding', finding: finding(values), before: 0 },
    judgement: {
      ...{ state: 'unapproved', approvalId: null, closest: null, refusals: ['no-approval'] },
      words: 'no approval is for TightVNC',
    },
    now: ticks('2026-07-02T00:05:00Z'),
  });
}
