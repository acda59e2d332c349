import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRootFiles } from '../../agent/trust/root-files.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';

const agent = path.join(import.meta.dirname, '../../agent/bin.mjs');

interface Peer {
  readonly name: string;
  /** Runs once for each file, two at a time. */
  readonly command: readonly string[];
}

/**
 * `npm run bench -- peers PATH ROOTS`: the signed images under PATH judged by certsweep with two workers and by each peer that
 * is installed, two processes at a time, in one run with the same roots. Prints ratios.
 */
export function benchPeers(target: string, roots: string): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-peers-'));
  try {
    const records = path.join(folder, 'records.ndjson');
    scan(target, roots, records); // fills the page cache and lists the signed images
    const files = signedImages(records);
    const bundle = path.join(folder, 'roots.pem');
    writeFileSync(bundle, pemBundle(roots));
    const ours = seconds(() => scan(target, roots, records));
    console.log(`${files.length} signed images under ${target}, page cache warm\n`);
    console.log('                 seconds   files/s   certsweep is');
    print('certsweep', ours, files.length, ours);
    for (const { name, command } of peers(bundle)) {
      if (spawnSync(command[0] ?? '', ['--version'], { stdio: 'ignore' }).error) {
        console.log(`${name.padEnd(16)} not installed`);
        continue;
      }
      const theirs = seconds(() => runOnEach(command, files));
      print(name, theirs, files.length, ours);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** osslsigncode and sbverify judge signatures, yara only reads them: its pe module computes the same facts. */
function peers(bundle: string): Peer[] {
  const rule = path.join(path.dirname(bundle), 'signed.yar');
  writeFileSync(rule, 'import "pe"\nrule signed { condition: pe.number_of_signatures > 0 }\n');
  const ossl = ['osslsigncode', 'verify', '-ignore-cdp', '-CAfile', bundle];
  return [
    { name: 'osslsigncode', command: [...ossl, '-TSA-CAfile', bundle, '-in'] },
    { name: 'sbverify', command: ['sbverify', '--cert', bundle] },
    { name: 'yara', command: ['yara', rule] },
  ];
}

function scan(target: string, roots: string, out: string): void {
  const options = ['--roots', roots, '--threads', '2', '--fail-on', 'never'];
  const result = spawnSync(
    process.execPath,
    [agent, 'scan', target, '--format', 'ndjson', '--out', out, ...options],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (result.status !== 0 || !existsSync(out)) throw new Error(`scan failed: ${result.stderr}`);
}

function signedImages(records: string): string[] {
  const files = new Set<string>();
  for (const line of readFileSync(records, 'utf8').split('\n')) {
    if (line === '') continue;
    const record = JSON.parse(line) as FileCertificateRecord;
    if (record.IsSigned && record.FileKind === 'pe')
      files.add(path.join(record.FolderPath ?? '', record.FileName ?? ''));
  }
  return [...files];
}

function pemBundle(roots: string): string {
  return readRootFiles([roots])
    .roots.map(({ encoded }) => {
      const lines =
        Buffer.from(encoded)
          .toString('base64')
          .match(/.{1,64}/g) ?? [];
      return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
    })
    .join('');
}

function runOnEach(command: readonly string[], files: readonly string[]): void {
  const input = files.map((file) => `${file}\0`).join('');
  spawnSync('xargs', ['-0', '-P2', '-n1', ...command], {
    input,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function print(name: string, took: number, files: number, ours: number): void {
  const columns = [took.toFixed(2).padStart(7), (files / took).toFixed(0).padStart(9)];
  console.log(
    `${name.padEnd(16)} ${columns.join(' ')}   ${(took / ours).toFixed(1)} times as fast`,
  );
}
