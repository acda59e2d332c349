import { describe, expect, test } from 'vitest';
import { parseListenAddress } from '../../collector/commands/listen-address.ts';
import { runCollector, temporaryFolder } from './collector-process.ts';

describe('--listen', () => {
  test.each(['127.0.0.1:1', '127.9.9.9:1', '[::1]:1', 'localhost:1'])('%s is loopback', (text) => {
    expect(parseListenAddress(text).loopback).toBe(true);
  });

  test.each([
    ...['0.0.0.0:1', '[::]:1', '[::ffff:127.0.0.1]:1', '[::ffff:0.0.0.0]:1', '192.0.2.1:1'],
    ...['collector.example:1', 'localhost.example:1', '127.0.0.1.example:1', '0:1', '2130706433:1'],
    ...['[0:0:0:0:0:0:0:1]:1', 'LOCALHOST:1'],
  ])('%s is not taken for loopback: it needs TLS, and tokens', (text) => {
    expect(parseListenAddress(text).loopback).toBe(false);
  });

  test.each(['0.0.0.0:0', '[::]:0', '[::ffff:127.0.0.1]:0', 'collector.example:0'])(
    '%s without TLS does not start',
    async (listen) => {
      const { folder, remove } = temporaryFolder();
      const { status, stderr } = await runCollector('serve', '--data', folder, '--listen', listen);
      expect([status, stderr]).toEqual([2, expect.stringContaining('is not a loopback address')]);
      remove();
    },
  );
});
