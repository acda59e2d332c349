import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import type { SyslogSettings } from '../../../collector/notify/settings.ts';
import { SyslogChannel } from '../../../collector/notify/syslog-channel.ts';
import { syslogMessage } from '../../../collector/notify/syslog-message.ts';
import { selfMadeIdentity } from '../../../collector/tls/self-made.ts';
import { temporaryFolder } from '../collector-process.ts';
import { notice } from './notices.ts';

const origin = { facility: 16, host: 'collector.example', processId: 7 };
const signal = new AbortController().signal;
let server: Server | undefined;

afterEach(() => void server?.close());

const settings = (transport: SyslogSettings['transport'], port: number): SyslogSettings => ({
  ...{ kind: 'syslog', name: 'siem', host: '127.0.0.1', facility: 16, ca: undefined },
  ...{ transport, port },
});

/** Messages that RFC 6587 §3.4.1 frames, by a reader of its own. */
function unframe(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return messages;
}

/** The parameters of the message's structured data, by a reader of its own of RFC 5424 §6.3. */
function parametersOf(message: string): Record<string, string> {
  const start = message.indexOf('[certsweep@32473 ');
  const found: Record<string, string> = {};
  const parameter = / ([^= "\]]+)="((?:[^"\\\]]|\\["\\\]])*)"/y;
  parameter.lastIndex = start + '[certsweep@32473'.length;
  for (let match = parameter.exec(message); match; match = parameter.exec(message)) {
    found[match[1] as string] = (match[2] as string).replace(/\\(["\\\]])/g, '$1');
    if (message[parameter.lastIndex] === ']') return found;
  }
  throw new Error(`not structured data: ${message}`);
}

test('a message has the header, the structured data and the sentence of RFC 5424', () => {
  const message = syslogMessage(notice(), origin, 1_000);
  expect(message).toMatch(
    /^<132>1 2026-07-02T00:05:00Z collector\.example certsweep-collector 7 new-finding \[certsweep@32473 id="[0-9a-f]{32}" /,
  );
  expect(parametersOf(message)).toMatchObject({
    ...{ rule: 'rule-1', tool: 'TightVNC', grade: 'signature-trusted', deviceId: 'a'.repeat(40) },
    ...{ path: 'C:\\Tools\\tvnserver.exe', signer: 'GlavSoft LLC.', sha256: '2'.repeat(64) },
    firstSeen: '2026-07-01T00:00:00Z',
  });
  expect(message.split('] \uFEFF')[1]).toBe(
    'TightVNC found on pc7.corp.example: C:\\Tools\\tvnserver.exe (no approval is for TightVNC)',
  );
});

test('what a device wrote cannot end a value or a line, and a long value is cut and named', () => {
  const path = `C:\\"] [x@1 a="\n<0>1 - \u202e${'x'.repeat(2_000)}`;
  const message = syslogMessage(notice({ path, deviceName: 'a"]\\' }), origin, 1_000);
  expect(message).not.toMatch(/[\p{Cc}\u202e]/u);
  const parameters = parametersOf(message);
  expect(parameters.path).toContain('C:\\"] [x@1 a="\\n<0>1 - \\u{202e}xxx');
  expect(parameters.path).toHaveLength(1_003);
  expect(parameters.deviceName).toBe('a"]\\');
  expect(parameters.shortened).toBe('path');
  expect(message.length).toBeLessThan(16_000);
});

test('TCP: each message after its length in bytes; delivered when the receiver has closed', async () => {
  const chunks: Buffer[] = [];
  server = createServer((socket) => socket.on('data', (chunk) => chunks.push(chunk)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const channel = new SyslogChannel(settings('tcp', (server.address() as AddressInfo).port));
  const notices = [notice({ path: 'C:\\Ünïcode\\日本.exe' }), notice({ deviceName: 'pc8' })];
  expect(await channel.send(notices, signal)).toEqual({ kind: 'delivered' });
  const messages = unframe(Buffer.concat(chunks));
  expect(messages.map((message) => parametersOf(message).id)).toEqual(notices.map(({ id }) => id));
  expect(messages[0]).toContain(` ${hostname()} certsweep-collector ${process.pid} `);
});

test('TCP: a receiver that breaks off, or is not there, is tried again', async () => {
  server = createServer((socket) => socket.resetAndDestroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const channel = new SyslogChannel(settings('tcp', port));
  expect(await channel.send([notice()], signal)).toMatchObject({ kind: 'retry' });
  await new Promise((resolve) => server?.close(resolve));
  expect(await channel.send([notice()], signal)).toMatchObject({
    ...{ kind: 'retry', reason: expect.stringContaining('ECONNREFUSED') },
  });
});

test('TCP: a receiver that never closes is given up when the collector stops', async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on('error', () => {}); // it is reset
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const stopping = new AbortController();
  const { port } = server.address() as AddressInfo;
  const sending = new SyslogChannel(settings('tcp', port)).send([notice()], stopping.signal);
  setTimeout(() => stopping.abort(), 100);
  expect(await sending).toEqual({ kind: 'retry', reason: 'the collector stopped' });
});

test('TLS: the same frames, to a receiver whose certificate the given authority vouches for, and to no other', async () => {
  const { folder, remove } = temporaryFolder();
  const made = selfMadeIdentity(
    folder,
    [{ kind: 'ip', text: '127.0.0.1', bytes: Uint8Array.of(127, 0, 0, 1) }],
    new Date(),
  );
  const { key, cert } = made;
  const ca = made.ca.toString();
  const chunks: Buffer[] = [];
  server = createTlsServer({ key, cert }, (socket) => socket.on('data', (c) => chunks.push(c)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const trusting = new SyslogChannel({ ...settings('tls', port), ca });
  expect(await trusting.send([notice()], signal)).toEqual({ kind: 'delivered' });
  expect(unframe(Buffer.concat(chunks))).toHaveLength(1);
  const strange = new SyslogChannel(settings('tls', port));
  expect(await strange.send([notice()], signal)).toMatchObject({
    ...{ kind: 'retry', reason: expect.stringMatching(/certificate/) },
  });
  expect(unframe(Buffer.concat(chunks))).toHaveLength(1);
  remove();
});

test('UDP: a datagram a message, which stays within 2,048 bytes', async () => {
  const receiver = createSocket('udp4');
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const messages: string[] = [];
  receiver.on('message', (message) => messages.push(message.toString('utf8')));
  const { port } = receiver.address();
  const notices = [notice({ path: '長'.repeat(3_000) }), notice({ path: 'C:\\b' })];
  expect(await new SyslogChannel(settings('udp', port)).send(notices, signal)).toEqual({
    kind: 'delivered',
  });
  await expect.poll(() => messages.length).toBe(2);
  expect(messages.map((message) => parametersOf(message).id)).toEqual(notices.map(({ id }) => id));
  expect(parametersOf(messages[0] as string).shortened).toBe('path');
  expect(Math.max(...messages.map((message) => Buffer.byteLength(message)))).toBeLessThan(2_048);
  receiver.close();
});
