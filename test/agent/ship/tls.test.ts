import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { collectorAddress } from '../../../agent/ship/collector-address.ts';
import type { Spool } from '../../../agent/ship/spool.ts';
import { type FakeCollector, fakeCollector } from '../fake-collector.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { drain, filledSpool } from './sending.ts';
import { type TestProxy, testProxy } from './test-proxy.ts';
import { type ServerIdentity, selfSigned, TestAuthority } from './test-tls.ts';

const folder = temporaryFolder();
const authority = new TestAuthority();
const caFile = path.join(folder, 'ca.pem');
writeFileSync(caFile, authority.pem);

let folders = 0;
let collector: FakeCollector;
let proxy: TestProxy | undefined;
let spool: Spool;
afterEach(async () => {
  vi.unstubAllEnvs();
  spool.close();
  await collector.close();
  await proxy?.close();
});

async function set(identity: ServerIdentity): Promise<string> {
  folders += 1;
  spool = filledSpool(path.join(folder, `${folders}`), 1);
  collector = await fakeCollector(() => {}, identity);
  return collector.url;
}

const address = (url: string, ca?: string) => collectorAddress({ collector: url, ca });

describe('over TLS', () => {
  test('a collector is believed whose authority is given with --ca', async () => {
    const url = await set(authority.issue());
    expect(url).toMatch(/^https:/);
    expect(await drain(spool, address(url, caFile))).toMatchObject({
      sentRows: 2,
      problem: undefined,
    });
  });

  test('a self-signed one is believed that is itself given with --ca', async () => {
    const identity = selfSigned();
    const url = await set(identity);
    const file = path.join(folder, 'self.pem');
    writeFileSync(file, identity.cert);
    expect(await drain(spool, address(url, file))).toMatchObject({ sentRows: 2 });
  });

  test.each([
    {
      name: 'is self-signed',
      identity: selfSigned(),
      ca: undefined,
      says: 'its certificate is self-signed: if it is yours, give it with --ca',
    },
    {
      name: 'comes from an authority that is not trusted here',
      identity: authority.issue(),
      ca: undefined,
      says: 'has an issuer that is not trusted here: give that issuer with --ca',
    },
    {
      name: 'has expired',
      identity: authority.issue({ endsIn: -1 }),
      ca: caFile,
      says: 'its certificate has expired: renew it, and see whether the clock here is right',
    },
    {
      name: 'is for another host',
      identity: authority.issue({ host: 'other.example', isForeign: true }),
      ca: caFile,
      says: 'its certificate is for another host name',
    },
  ])('nothing is sent to a collector whose certificate $name', async ({ identity, ca, says }) => {
    const url = await set(identity);
    const { problem, sentRows } = await drain(spool, address(url, ca));
    expect(problem).toContain(`${url}/: not sent: `);
    expect(problem).toContain(says);
    expect({ sentRows, received: collector.received }).toEqual({ sentRows: 0, received: [] });
    expect(spool.count().rows).toBe(2);
  });

  test('a certificate is judged whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const url = await set(selfSigned());
    const { sentRows, problem } = await drain(spool, address(url));
    expect({ sentRows, received: collector.received }).toEqual({ sentRows: 0, received: [] });
    expect(problem).toContain('its certificate is self-signed');
  });

  test('a server without TLS is told from a wrong certificate', async () => {
    folders += 1;
    spool = filledSpool(path.join(folder, `${folders}`), 1);
    collector = await fakeCollector();
    const { problem } = await drain(spool, address(collector.url.replace('http:', 'https:')));
    expect(problem).toContain('no TLS connection');
    expect(problem).toContain('is it https, and the port right?');
  });
});

describe('a proxy from the environment', () => {
  const host = 'collector.certsweep.test';
  const url = `https://${host}:8400`;

  async function setProxy(status = 200): Promise<TestProxy> {
    const port = Number(new URL(await set(authority.issue({ host }))).port);
    proxy = await testProxy(port, status);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    vi.stubEnv('NO_PROXY', '');
    return proxy;
  }

  test('leads to the collector, whose certificate is still judged', async () => {
    const { asked } = await setProxy();
    expect(await drain(spool, address(url, caFile))).toMatchObject({ sentRows: 2 });
    expect(asked[0]).toEqual({
      target: `${host}:8400`,
      authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
    });
    const { problem } = await drain(filledSpool(path.join(folder, 'judged'), 1), address(url));
    expect(problem).toContain('not trusted here');
  });

  test('that refuses is named as what refused, without its password', async () => {
    await setProxy(407);
    const { problem } = await drain(spool, address(url, caFile));
    expect(problem).toContain('the proxy answered 407 and made no connection: see HTTPS_PROXY');
    expect(problem).not.toContain('secret');
  });

  test('is not asked for a collector on this machine', async () => {
    const { asked } = await setProxy();
    expect(await drain(spool, address(collector.url, caFile))).toMatchObject({ sentRows: 2 });
    expect(asked).toEqual([]);
  });

  test('is not asked for a host that NO_PROXY names', async () => {
    const { asked } = await setProxy();
    vi.stubEnv('NO_PROXY', host);
    expect((await drain(spool, address(url, caFile))).sentRows).toBe(0);
    expect(asked).toEqual([]);
  });
});

describe('an address is refused', () => {
  const tokenFile = path.join(folder, 'token');
  writeFileSync(tokenFile, 'secret', { mode: 0o600 });
  const noPem = path.join(folder, 'no.pem');
  writeFileSync(noPem, 'hello');

  test.each([
    { name: 'that is none', options: { collector: 'x' }, says: 'an http or https address' },
    {
      name: 'with a password in it',
      options: { collector: 'https://u:p@h' },
      says: 'no user or password',
    },
    {
      name: 'to which the token would go in clear',
      options: { collector: 'http://collector.example', tokenFile },
      says: 'in clear: use https',
    },
    {
      name: 'with a --ca that is not there',
      options: { collector: 'https://h', ca: '/nonexistent' },
      says: 'ENOENT',
    },
    {
      name: 'with a --ca that holds no certificate',
      options: { collector: 'https://h', ca: noPem },
      says: 'no PEM certificate',
    },
  ])('$name', ({ options, says }) => {
    expect(() => collectorAddress(options)).toThrow(says);
  });
});
