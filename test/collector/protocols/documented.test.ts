import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess, newToken, temporaryFolder } from '../collector-process.ts';
import { FLEET_DEVICES, fillFleet } from './fleet.ts';

const project = path.join(import.meta.dirname, '../../..');
const page = readFileSync(path.join(project, 'docs', 'protocols.md'), 'utf8');
const [kusto = '', azureMonitor = ''] = [...page.matchAll(/```js\n(.*?)```/gs)].map(
  ([, code]) => code ?? '',
);

describe('what docs/protocols.md says, over TLS with a token', () => {
  const { folder, remove } = temporaryFolder();
  const ca = path.join(folder, 'tls', 'ca.pem');
  let collector: CollectorProcess;
  let token: string;

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder, ['--tls-self-signed', '--require-tokens']);
    collector.dispatcher = new Agent({ connect: { ca: readFileSync(ca, 'utf8') } });
    const devices = [];
    for (const device of FLEET_DEVICES) devices.push(await newToken(folder, '--device-id', device));
    await fillFleet(collector, devices);
    token = await newToken(folder, '--reader', 'analyst');
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test.each([
    {
      name: 'azure-kusto-data',
      code: kusto,
      prints: '{"name":"PrimaryResult","data":[{"Count":3}]}',
    },
    { name: '@azure/monitor-query-logs', code: azureMonitor, prints: '[[3]]' },
  ])('the example of $name runs as it is written', async ({ code, prints }) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: project, // where the packages are found
      env: { ...process.env, COLLECTOR: collector.url, TOKEN: token, NODE_EXTRA_CA_CERTS: ca },
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect({ status, ...output }).toMatchObject({ status: 0, stdout: `${prints}\n` });
  });

  test('the body that curl sends to the address of Graph is answered', async () => {
    const [, body = ''] = /-d '([^']+)' \$COLLECTOR\/v1\.0/.exec(page) ?? [];
    const { dispatcher } = collector;
    const answer = await fetch(`${collector.url}/v1.0/security/runHuntingQuery`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      ...(dispatcher && { dispatcher }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([200, { results: [{ Count: 3 }] }]);
  });
});
