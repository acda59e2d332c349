import { expect, test } from 'vitest';
import { type AuditEvent, auditLine } from '../../../collector/doors/audit-event.ts';
import { Doorkeeper } from '../../../collector/doors/doorkeeper.ts';
import { Doors } from '../../../collector/doors/doors.ts';
import { temporaryFolder } from '../../agent/temporary-folder.ts';

test('an address that is none, as a proxy may pass it on, is neither logged nor remembered', () => {
  const doors = new Doors(temporaryFolder(), Date.now);
  const lines: string[] = [];
  const audit = (event: AuditEvent) => lines.push(auditLine(event));
  const keeper = new Doorkeeper({ doors, required: true, clock: () => 0, audit });
  const refused = (ip: string) =>
    keeper.refuse({ headers: {}, ip, method: 'GET', url: '/v1/x' }, 'no token').status;
  const from = Array.from({ length: 31 }, (_, index) => refused(`${'x'.repeat(10_000)}${index}`));
  expect(from).toEqual([...Array(30).fill(401), 429]); // they count as one, whatever they are called
  expect(refused('192.0.2.1')).toBe(401);
  expect(lines).toHaveLength(31);
  expect(lines[0]).toBe('1970-01-01T00:00:00.000Z no-address refused GET /v1/x: no token');
  expect(lines[30]).toContain(' 192.0.2.1 refused ');
  doors.close();
});
