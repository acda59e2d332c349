import { expect, test } from 'vitest';
import { CollectorLog, type LogLevel } from '../../../collector/log/collector-log.ts';

function logging(level: LogLevel, terminal = false): { log: CollectorLog; lines: string[] } {
  const lines: string[] = [];
  return { log: new CollectorLog(level, { write: (text) => lines.push(text), terminal }), lines };
}

test('a line is one JSON object with time, level, event, fields and a message that is safe on a terminal', () => {
  const { log, lines } = logging('info');
  log.warn('slow-request', 'two\nlines \u001b[2J', { milliseconds: 6000 });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('}\n')).toBe(true);
  const { time, ...rest } = JSON.parse(lines[0] ?? '');
  expect(new Date(time).toISOString()).toBe(time);
  expect(rest).toEqual({
    level: 'warn',
    event: 'slow-request',
    milliseconds: 6000,
    msg: 'two\\nlines \\u{1b}[2J',
  });
});

test.each([
  { level: 'debug', written: 4 },
  { level: 'info', written: 3 },
  { level: 'warn', written: 2 },
  { level: 'error', written: 1 },
] as const)(
  'level $level writes $written of four lines, and the audit in any case',
  ({ level, written }) => {
    const { log, lines } = logging(level);
    log.debug('request', 'a');
    log.info('listening', 'b');
    log.warn('failed', 'c');
    log.error('failed', 'd');
    expect(lines).toHaveLength(written);
    log.audit('1970-01-01T00:00:00.000Z 192.0.2.1 refused GET /');
    expect(lines).toHaveLength(written + 1);
    expect(lines.at(-1)).toContain('"event":"audit"');
  },
);

test('a person at a terminal reads plain lines', () => {
  const { log, lines } = logging('info', true);
  log.info('notice', 'the certificate "x" is new');
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info the certificate "x" is new\n$/);
});
