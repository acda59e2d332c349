import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { versionLine } from '../agent/version.ts';
import { programBlob } from '../build/package/build-package.ts';
import { agent, collector } from '../build/package/programs.ts';
import { fetchRuntime } from '../build/package/runtime.ts';
import { signExecutable } from '../build/package/sign.ts';
import { windowsExecutable } from '../build/package/windows-executable.ts';
import manifest from '../package.json' with { type: 'json' };
import type { FileCertificateRecord } from '../parsers/record/columns.ts';
import { builtExecutable } from './executable/built-executable.ts';
import { haveOsslsigncode } from './osslsigncode.ts';

const project = path.join(import.meta.dirname, '..');
const fixtures = path.join(project, 'fixtures');
const images = path.join(fixtures, 'pe');

/** What a sweep says of the files themselves: not when, by whom, or in which order. */
function facts(ndjson: string): string[] {
  const lines = ndjson.split('\n').filter((line) => line !== '');
  const records = lines.map((line) => {
    const { Timestamp, ReadTime, ScanId, ReportId, ...rest } = JSON.parse(
      line,
    ) as FileCertificateRecord;
    return JSON.stringify(rest);
  });
  return records.toSorted();
}

const OTHER_ID = '5882eb11-389c-4095-87f2-e1d3ecaa956c';
const scan = ['scan', images, '--threads', '2', '--format', 'ndjson', '--fail-on', 'never'];

if (process.platform !== 'linux')
  console.warn('certsweep: executables are built and tested on Linux only: LEFT OUT');

describe.skipIf(process.platform !== 'linux')('executables', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-executable-'));
  const at = (name: string): string => path.join(folder, name);
  const windowsAgent = at('certsweep.exe');
  let executable: string;
  let collectorExecutable: string;
  let agentBlob: Uint8Array;

  /** Runs a program of this folder there, with nothing in its environment. */
  function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  }

  beforeAll(async () => {
    executable = await builtExecutable(agent);
    collectorExecutable = await builtExecutable(collector);
    agentBlob = await programBlob(agent);
    const node = fetchRuntime('win').executable;
    const parts = { node, blob: agentBlob, program: agent, version: manifest.version };
    writeFileSync(windowsAgent, windowsExecutable(parts));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the agent scans with two workers and records what the source does, in an empty environment', () => {
    const packaged = run(executable, scan);
    expect(packaged.stderr).toContain('16 files,');
    expect(packaged.status).toBe(0);
    const source = execFileSync(
      process.execPath,
      [path.join(project, 'agent', 'bin.mjs'), ...scan],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const expected = facts(source);
    expect(expected).toHaveLength(18);
    expect(facts(packaged.stdout)).toEqual(expected);
  });

  test("the agent reads rule files with Microsoft's parser, which it carries", () => {
    const rule = at('rule.yaml');
    const head =
      'name: n\ndescription: d\ntactics: [CommandAndControl]\nrelevantTechniques: [T1219]\n';
    const query = "DeviceFileCertificateInfo | where Signer has 'Example Software GmbH'";
    writeFileSync(rule, `id: ${OTHER_ID}\n${head}query: ${query}\n`);
    const checked = run(executable, ['rules', 'check', rule]);
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(checked.stdout).toBe(`ok       ${rule}\n1 rules, 0 errors\n`);
    const { stdout } = run(executable, [...scan, '--rules', rule]);
    const flagged = stdout.split('\n').filter((line) => line.includes(OTHER_ID));
    expect(flagged.length).toBeGreaterThan(0);
    for (const line of flagged) expect(line).toContain('Example Software GmbH');
  });

  test('the collector stores what the agent wrote and answers KQL', () => {
    const records = at('records.ndjson');
    expect(run(executable, [...scan, '--out', records])).toMatchObject({ status: 0 });
    const data = ['--data', at('data')];
    const imported = run(collectorExecutable, ['import', records, ...data]);
    expect(imported).toMatchObject({ status: 0, stderr: '' });
    expect(imported.stdout).toContain('18 rows, 18 stored');
    const kql = 'AgentFileCertificateInfo | where Signer has "glavsoft" | summarize Count=count()';
    const answer = run(collectorExecutable, ['query', kql, ...data, '--format', 'json']);
    expect(answer.stderr).toBe('');
    const expected = readFileSync(records, 'utf8').match(/"Signer":"GlavSoft/g)?.length;
    expect(JSON.parse(answer.stdout)).toEqual([{ Count: expected }]);
  });

  test.each(['--version', '-V'])('%s tells version and commit', (option) => {
    const expected = { status: 0, stdout: `${versionLine()}\n`, stderr: '' };
    expect(run(executable, [option])).toMatchObject(expected);
    expect(run(collectorExecutable, [option])).toMatchObject(expected);
  });

  test('take no option from the environment', () => {
    const env = { NODE_OPTIONS: `--require=${at('missing.cjs')}` };
    expect(run(executable, ['--version'], env)).toMatchObject({ status: 0, stderr: '' });
    expect(run(collectorExecutable, ['--version'], env)).toMatchObject({ status: 0, stderr: '' });
  });

  test('print the licences of what is in them, Node first', () => {
    const ours = run(executable, ['licenses']).stdout;
    expect(ours).toMatch(/^Node\.js \d+\.\d+\.\d+\n=+\n\nNode\.js is licensed for use as follows:/);
    expect(ours).toContain('\nundici 7.30.2: MIT\n');
    expect(ours).not.toContain('\nfastify ');
    const theirs = run(collectorExecutable, ['licenses']).stdout;
    expect(theirs).toContain('\nfastify 5.12.8: MIT\n');
    expect(theirs).toContain('\n@kusto/language-service-next 12.4.1: MIT\n');
    expect(theirs).not.toContain('\npiscina ');
  });

  test('the same sources give the same blob', async () => {
    expect(Buffer.compare(await programBlob(agent), agentBlob)).toBe(0);
  });

  test('the Windows agent, scanned by the Linux one, is an unsigned image with a name and version', () => {
    const { stdout } = run(executable, ['scan', windowsAgent, '--format', 'ndjson']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ IsSigned: false, FileKind: 'pe', Findings: [] },
      ...{ CompanyName: 'The certsweep authors', ProductName: 'certsweep' },
      ...{ OriginalFileName: 'certsweep.exe', FileVersion: manifest.version },
    });
  });

  test.skipIf(!haveOsslsigncode())('what could not be signed is not left there unsigned', () => {
    const file = at('unsigned.exe');
    writeFileSync(file, readFileSync(windowsAgent));
    const signing = { key: at('no-key'), certs: at('no-certs'), timestampUrl: undefined };
    expect(() => signExecutable(file, signing)).toThrow(`osslsigncode did not sign ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  test.skipIf(!haveOsslsigncode())('the Windows agent, signed, names its signer', () => {
    const signed = at('signed.exe');
    writeFileSync(signed, readFileSync(windowsAgent));
    const certs = at('certs.pem');
    const issued = ['example', 'code-signing-ca'].map((name) =>
      readFileSync(path.join(fixtures, 'ca', 'issued', `${name}.pem`), 'utf8'),
    );
    writeFileSync(certs, issued.join(''));
    const key = path.join(fixtures, 'ca', 'keys', 'example.key.pem');
    signExecutable(signed, { key, certs, timestampUrl: undefined });

    const roots = ['--roots', path.join(fixtures, 'ca', 'root.pem')];
    const { stdout } = run(executable, ['scan', signed, '--format', 'ndjson', ...roots]);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ IsSigned: true, Signer: 'Example Software GmbH (certsweep test)', IsTrusted: true },
      ...{ SignatureStatus: 'Trusted', ProgramName: 'certsweep', DigestAlgorithm: 'sha256' },
    });
  });
});
