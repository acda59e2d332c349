import { describe, expect, test } from 'vitest';
import { findRule } from '../../../collector/hunt/find-rule.ts';
import { UsageError } from '../../../collector/usage-error.ts';

const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';

describe('a hunt finds a built-in rule', () => {
  test.each([
    ['its tool', 'anydesk', 'AnyDesk'],
    ['its tool, though other names hold the word', 'Level', 'Level'],
    ['a part of its tool', 'screenconn', 'ConnectWise'],
    ['a part of its name', 'connectwise', 'ConnectWise'],
    ['its id', TIGHTVNC.toUpperCase(), 'TightVNC'],
    ['the whole of its name', 'TightVNC - File Signature', 'TightVNC'],
  ])('by %s', async (_by, wanted, tool) => {
    const rule = await findRule(wanted);
    expect(rule.name).toBe(`Remote Management and Monitoring tool - ${tool} - File Signature`);
  });

  test.each([
    ['vnc', 'vnc is in the name of several rules', ['RealVNC', 'TightVNC', 'UltraVNC']],
    ['no-such-tool', 'no-such-tool is in the name of no built-in rule', ['Action1', 'Zoho']],
  ])('not by %s, and the error names those to choose from', async (wanted, message, names) => {
    const failed = await findRule(wanted).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UsageError);
    expect(String(failed)).toContain(message);
    for (const name of names) expect(String(failed)).toContain(name);
    expect(String(failed).includes('Action1')).toBe(names.includes('Action1'));
  });
});
