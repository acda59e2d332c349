import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseNotifySettings } from '../../../collector/notify/parse-settings.ts';
import { readNotifySettings } from '../../../collector/notify/read-settings.ts';
import { temporaryFolder } from '../collector-process.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const SECRET = '0123456789abcdef0123456789abcdef';
const parse = (text: string) =>
  parseNotifySettings(text, { file: 'notify.yaml', readPem: (file) => `PEM of ${file}` });
const channels = (...lines: string[]) => `channels:\n${lines.join('\n')}\n`;
const webhook = (url: string, secret = SECRET) =>
  channels('  - name: soc', '    kind: webhook', `    url: ${url}`, `    secret: ${secret}`);

test('reads every kind of channel with its defaults', () => {
  const text = `# comments are fine
nameOnly: true
channels:
  - name: soc
    kind: webhook
    url: https://hooks.example.com/certsweep
    secret: ${SECRET}
    ca: /etc/ca.pem
  - { name: siem, kind: syslog, transport: tls, host: siem.example.com, port: 6514 }
  - { name: log, kind: file, path: /var/log/certsweep/findings.ndjson }
`;
  expect(parse(text)).toEqual({
    nameOnly: true,
    channels: [
      {
        ...{ kind: 'webhook', name: 'soc', secret: SECRET, ca: 'PEM of /etc/ca.pem' },
        url: new URL('https://hooks.example.com/certsweep'),
      },
      {
        ...{ kind: 'syslog', name: 'siem', transport: 'tls', host: 'siem.example.com' },
        ...{ port: 6514, facility: 16, ca: undefined },
      },
      { kind: 'file', name: 'log', path: '/var/log/certsweep/findings.ndjson' },
    ],
  });
});

describe('refuses, with file and line,', () => {
  test.each([
    { name: 'an empty file', text: '', line: 1, says: 'a mapping' },
    { name: 'no channels', text: 'nameOnly: true\n', line: 1, says: 'channels must be a list' },
    { name: 'broken YAML', text: 'channels: [\n', line: 2, says: '' },
    { name: 'a key twice', text: 'nameOnly: true\nnameOnly: true\n', line: 2, says: 'unique' },
    {
      name: 'an unknown key',
      text: `${webhook('https://a')}urls: 1\n`,
      line: 6,
      says: 'unknown key',
    },
    {
      name: 'an unknown key of a channel',
      text: channels('  - name: a', '    kind: file', '    path: /a', '    url: https://a'),
      ...{ line: 5, says: 'unknown key' },
    },
    {
      name: 'an unknown kind',
      text: channels('  - name: a', '    kind: mail'),
      ...{ line: 3, says: 'kind must be one of webhook, syslog, file' },
    },
    {
      name: 'http beyond loopback',
      text: webhook('http://hooks.example.com'),
      line: 4,
      says: 'https',
    },
    {
      name: 'http to a name like loopback',
      text: webhook('http://127.example.com'),
      line: 4,
      says: 'https',
    },
    {
      name: 'a password in the address',
      text: webhook('https://a:b@c'),
      line: 4,
      says: 'password',
    },
    { name: 'another scheme', text: webhook('file:///etc/passwd'), line: 4, says: 'https' },
    {
      name: 'a short secret',
      text: webhook('https://a', 'hunter2hunter2'),
      line: 5,
      says: 'openssl',
    },
    {
      name: 'a relative file',
      text: channels('  - { name: a, kind: file, path: a.ndjson }'),
      ...{ line: 2, says: 'absolute' },
    },
    {
      name: 'a port past 65535',
      text: channels('  - { name: a, kind: syslog, transport: udp, host: b, port: 70000 }'),
      ...{ line: 2, says: 'port must be' },
    },
    {
      name: 'ca without TLS',
      text: channels('  - { name: a, kind: syslog, transport: tcp, host: b, port: 1, ca: /c }'),
      ...{ line: 2, says: 'tls alone' },
    },
    {
      name: 'a name twice',
      text: channels(
        '  - { name: a, kind: file, path: /a }',
        '  - { name: a, kind: file, path: /b }',
      ),
      ...{ line: 3, says: 'two channels a' },
    },
    {
      name: 'a name of other characters',
      text: channels('  - { name: "a b", kind: file, path: /a }'),
      ...{ line: 2, says: 'name must be' },
    },
    {
      name: 'an alias',
      text: channels('  - &a { name: a, kind: file, path: /a }', '  - *a'),
      ...{ line: 3, says: 'aliases' },
    },
    {
      name: 'eleven channels',
      text: channels(
        ...Array.from({ length: 11 }, (_, i) => `  - { name: a${i}, kind: file, path: /a }`),
      ),
      ...{ line: 2, says: '1 to 10' },
    },
    { name: 'a long file', text: '#'.repeat(100_001), line: 0, says: 'longer than' },
  ])('$name', ({ text, line, says }) => {
    const place = line === 0 ? 'notify.yaml: ' : `notify.yaml:${line}: `;
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(says) }),
    );
    expect(() => parse(text)).toThrow(place);
  });
});

test('an error never shows a secret', () => {
  const secret = 'hunter2hunter2';
  let message = '';
  try {
    parse(webhook('https://a', secret));
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('notify.yaml:5');
  expect(message).not.toContain(secret);
});

test('http is allowed to this machine', () => {
  for (const url of ['http://127.0.0.1:9000/x', 'http://localhost/x', 'http://[::1]:1/x'])
    expect(parse(webhook(url)).channels).toHaveLength(1);
});

test.each([
  { mode: 0o644, refused: true },
  { mode: 0o640, refused: true },
  { mode: 0o600, refused: false },
  { mode: 0o400, refused: false },
])('a file of mode $mode: refused $refused', ({ mode, refused }) => {
  const file = path.join(folder, `notify-${mode}.yaml`);
  writeFileSync(file, webhook('https://a.example'));
  chmodSync(file, mode);
  if (refused) expect(() => readNotifySettings(file)).toThrow('chmod 600');
  else expect(readNotifySettings(file).channels).toHaveLength(1);
});

test('a file that is not there is named', () => {
  expect(() => readNotifySettings(path.join(folder, 'none.yaml'))).toThrow(/ENOENT.*none\.yaml/);
});
