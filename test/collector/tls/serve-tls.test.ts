import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { get, type RequestOptions } from 'node:https';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { Agent } from 'undici';
import { afterAll, describe, expect, test } from 'vitest';
import { identitySource } from '../../../collector/commands/tls-options.ts';
import { selfMadeIdentity } from '../../../collector/tls/self-made.ts';
import { parseServerName } from '../../../collector/tls/server-name.ts';
import { CollectorProcess, newToken, runCollector, temporaryFolder } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';

if (process.platform === 'win32')
  console.warn('certsweep: SIGHUP cannot be tested on Windows: LEFT OUT');

const TABLE = 'AgentFileCertificateInfo';
const DEVICE = 'a'.repeat(40);
const body = ndjson([record({ DeviceId: DEVICE, ReportId: 1 })]);
const { folder, remove } = temporaryFolder();
afterAll(remove);

function portOf({ url }: CollectorProcess): number {
  return Number(new URL(url).port);
}

/** The certificate that the server shows, or the code of the error that the connection ends with. */
function handshake(
  port: number,
  options: { ca?: string; maxVersion?: 'TLSv1.1' | 'TLSv1.2'; ciphers?: string },
): Promise<DetailedPeerCertificate | string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, minVersion: 'TLSv1', ...options }, () => {
      const certificate = socket.getPeerCertificate(true);
      socket.destroy();
      resolve(certificate);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** The status of `/healthz`, asked for under any Host. */
function statusOfHealth(options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = { host: '127.0.0.1', path: '/healthz', agent: false, ...options };
    get(sent, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}

describe('serve --tls-self-signed beyond loopback', () => {
  test('takes rows of an enrolled agent that trusts its authority, and of nobody else', async () => {
    const data = path.join(folder, 'self-signed');
    const options = ['--listen', '0.0.0.0:0', '--tls-self-signed', '--tls-name', 'c.example'];
    const collector = await CollectorProcess.start(data, options);
    try {
      const port = portOf(collector);
      const ca = readFileSync(path.join(data, 'tls', 'ca.pem'), 'utf8');
      const connected = await handshake(port, { ca });
      expect(connected).toMatchObject({ subjectaltname: expect.stringContaining('c.example') });
      expect(collector.log).toContain('agents reach this collector by localhost, 127.0.0.1, ::1');
      expect(collector.log).toContain(
        `agents need --ca ${path.join(data, 'tls', 'ca.pem')}, SHA-256 fingerprint ` +
          (connected as DetailedPeerCertificate).issuerCertificate.fingerprint256,
      );
      expect(await handshake(port, {})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      const old = await handshake(port, {
        ca,
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      expect(old).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');

      collector.dispatcher = new Agent({ connect: { ca } });
      expect(await collector.postRows(TABLE, body)).toMatchObject({ status: 401 });
      const token = await newToken(data, '--device-id', DEVICE);
      const authorization = `Bearer ${token}`;
      expect(await collector.postRows(TABLE, body, { authorization })).toMatchObject({
        status: 200,
        json: { stored: 1 },
      });

      const statusOf = (headers: Record<string, string>) =>
        statusOfHealth({ port, ca, headers, servername: 'c.example' });
      expect(await statusOf({ host: 'c.example:8400' })).toBe(200);
      expect(await statusOf({ host: 'evil.example' })).toBe(403);
      expect(await statusOf({ host: 'c.example', origin: 'https://c.example' })).toBe(200);
      expect(await statusOf({ host: 'c.example', origin: 'https://evil.example' })).toBe(403);
      expect(await statusOf({ host: 'c.example', origin: 'http://c.example' })).toBe(403);
      await collector.dispatcher.close();
    } finally {
      expect(await collector.stop()).toBe(0);
    }
  });
});

describe('serve --tls-cert --tls-key', () => {
  test.skipIf(process.platform === 'win32')(
    'reads the files again on SIGHUP, and keeps what it has where they cannot serve',
    async () => {
      const names = ['127.0.0.1'].flatMap((text) => parseServerName(text) ?? []);
      const identities = ['one', 'two'].map((name) => {
        const data = path.join(folder, name);
        return { data, ...selfMadeIdentity(data, names, new Date()) };
      });
      const [one, two] = identities;
      if (!one || !two) throw new Error('two identities were made');
      const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
      const use = ({ data }: { data: string }) => {
        copyFileSync(path.join(data, 'tls', 'server.pem'), cert);
        copyFileSync(path.join(data, 'tls', 'server.key'), key);
      };
      use(one);
      const data = path.join(folder, 'given');
      const options = ['--tls-cert', cert, '--tls-key', key];
      const collector = await CollectorProcess.start(data, options);
      try {
        const port = portOf(collector);
        const shown = async () => {
          const answer = await handshake(port, {
            ca: [one, two].map(({ ca }) => `${ca}`).join(''),
          });
          return typeof answer === 'string' ? answer : answer.fingerprint256;
        };
        expect(await shown()).toBe(one.certificate.fingerprint256);
        use(two);
        collector.hangUp();
        while (!collector.log.includes('the certificate is now one')) await sleep(20);
        expect(await shown()).toBe(two.certificate.fingerprint256);
        writeFileSync(cert, 'half a certif');
        collector.hangUp();
        while (!collector.log.includes('holds no certificate in PEM')) await sleep(20);
        expect(collector.log).toContain('the certificate stays the one that is valid until');
        expect(await shown()).toBe(two.certificate.fingerprint256);
      } finally {
        expect(await collector.stop()).toBe(0);
      }
    },
  );

  test.each([
    { name: 'a key alone', options: { tlsKey: 'key.pem' }, says: 'belong together' },
    {
      name: 'both ways at once',
      options: { tlsCert: 'c', tlsKey: 'k', tlsSelfSigned: true },
      says: 'give either --tls-cert',
    },
    {
      name: 'a name for a given certificate',
      options: { tlsCert: 'c', tlsKey: 'k', tlsName: ['x'] },
      says: '--tls-name is for --tls-self-signed',
    },
    {
      name: 'a name that is none',
      options: { tlsSelfSigned: true, tlsName: ['two words'] },
      says: '--tls-name takes a DNS name or an address',
    },
  ])('is refused with $name', ({ options, says }) => {
    expect(() => identitySource(options, folder, () => {})).toThrow(says);
  });

  test('ends with 2 where the key is not there', async () => {
    const data = path.join(folder, 'no-key');
    const files = ['--tls-cert', path.join(folder, 'no.pem'), '--tls-key', 'no.key'];
    const ran = await runCollector('serve', '--data', data, ...files);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('cannot read the certificate');
  });
});
