import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runAgent } from '../agent/run-agent.ts';
import { TestAuthority } from '../agent/ship/test-tls.ts';
import { temporaryFolder } from '../agent/temporary-folder.ts';
import { CollectorProcess, newToken } from '../collector/collector-process.ts';
import { blocksOf } from './tried-blocks.ts';

const images = path.join(import.meta.dirname, '../../fixtures/pe');
const DEVICE = 'a'.repeat(40);

/** In CI its absence is an error, elsewhere a loud line and skipped tests. */
function haveNginx(): boolean {
  if (spawnSync('nginx', ['-v']).status === 0) return true;
  const message = 'certsweep: nginx is not installed: the reverse proxy is LEFT OUT';
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}

describe.skipIf(!haveNginx())('the nginx configuration of deploy-collector.md', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const authority = new TestAuthority();
  let nginx: ChildProcess;
  let collector: CollectorProcess;
  let port = 0;
  let url = '';

  beforeAll(async () => {
    collector = await CollectorProcess.start(at('data'), ['--trusted-proxy', '127.0.0.1']);
    port = await freePort();
    url = `https://localhost:${port}`;
    const { cert, key } = authority.issue();
    writeFileSync(at('ca.pem'), authority.pem);
    writeFileSync(at('cert.pem'), cert);
    writeFileSync(at('key.pem'), key, { mode: 0o600 });
    const [server = ''] = blocksOf('deploy-collector.md', 'nginx');
    writeFileSync(at('nginx.conf'), around(fitted(server)));
    nginx = spawn('nginx', ['-p', folder, '-c', at('nginx.conf'), '-e', at('error.log')], {
      stdio: 'inherit',
    });
    await until(async () => (await ask('GET', '/healthz')).status === 200);
  });
  afterAll(async () => {
    nginx.kill('SIGTERM');
    await collector.stop();
  });

  /** What differs here: port, certificate, the collector's port. */
  function fitted(server: string): string {
    const changes = {
      'listen 443 ssl;': `listen ${port} ssl;`,
      'collector.example.com': 'localhost',
      '/etc/ssl/certsweep/fullchain.pem': at('cert.pem'),
      '/etc/ssl/certsweep/key.pem': at('key.pem'),
      'http://127.0.0.1:8400': collector.url,
    };
    for (const [from, to] of Object.entries(changes)) {
      expect(server).toContain(from);
      server = server.replace(from, to);
    }
    return server;
  }

  /** In place of Debian's nginx.conf, with everything in the test's folder. */
  function around(server: string): string {
    mkdirSync(at('temporary'));
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const places = kinds.map((kind) => `${kind}_temp_path ${at('temporary')}/${kind};`);
    return `daemon off; worker_processes 1; pid ${at('nginx.pid')}; user root;
      events {}
      http { access_log ${at('access.log')}; ${places.join(' ')} ${server} }`;
  }

  interface Asked {
    readonly from?: string;
    readonly headers?: Record<string, string>;
    readonly body?: Uint8Array;
  }

  function ask(method: string, address: string, { from, headers, body }: Asked = {}) {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method, ca: authority.pem, localAddress: from, headers, family: 4 };
      const sent = request(url + address, options, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, text });
      });
      sent.on('error', reject).end(body);
    });
  }

  async function until(isTrue: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await isTrue().catch(() => false)) return;
      await sleep(100);
    }
    throw new Error('nginx does not answer');
  }

  test('passes batches in zstd and the token on, and the answer back', async () => {
    const tokenFile = at('token');
    writeFileSync(tokenFile, await newToken(at('data'), '--device-id', DEVICE), { mode: 0o600 });
    const { status, stderr } = await runAgent([
      ...['scan', images, '--quiet', '--format', 'ndjson', '--out', at('out.ndjson')],
      ...['--device-id', DEVICE, '--fail-on', 'never'],
      ...['--collector', url, '--ca', at('ca.pem'), '--token-file', tokenFile],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const reader = await newToken(at('data'), '--reader', 'test');
    const query = 'AgentFileCertificateInfo | count';
    const answer = await ask('POST', '/v1/query', {
      headers: { authorization: `Bearer ${reader}`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ query })),
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toContain('[[18]]');
  });

  test('lets bodies of more than a megabyte through', async () => {
    const token = await newToken(at('data'), '--device-id', 'b'.repeat(40));
    const answer = await ask('POST', '/v1/tables/AgentFileCertificateInfo/rows', {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: Buffer.from(`${'x'.repeat(1000)}\n`.repeat(3000)),
    });
    expect(answer.status, answer.text).toBe(400); // the collector's word on the rows, not nginx's on the size
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'bad-rows' } });
  });

  test('tells the collector whose request it is, whatever the client says', async () => {
    const refused = await ask('POST', '/v1/query', {
      from: '127.0.0.9',
      headers: { 'x-forwarded-for': '203.0.113.7', 'content-type': 'application/json' },
      body: Buffer.from('{"query":"print 1"}'),
    });
    expect(refused.status).toBe(401); // tokens are required behind a proxy
    await vi.waitFor(
      () => expect(collector.log).toContain(' 127.0.0.9 refused POST /v1/query: '),
      { timeout: 20_000, interval: 100 }, // the log comes through a pipe of its own
    );
    expect(collector.log).not.toContain('203.0.113.7');
  });
});

test('a collector believes nobody but its proxy', async () => {
  const folder = temporaryFolder();
  const collector = await CollectorProcess.start(path.join(folder, 'data'), ['--require-tokens']);
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' };
  const { status } = await collector.post('/v1/query', '{"query":"print 1"}', headers);
  await collector.stop();
  expect(status).toBe(401);
  expect(collector.log).toContain(' 127.0.0.1 refused POST /v1/query: ');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
