/**
 * `npm run quickstart [-- PATH...]`: the main job end to end on this machine. Starts a collector on a free loopback port
 * with a temporary store, scans PATHs (fixtures/ unless told), ships the records, runs the TightVNC hunting query and
 * prints its per-device table, the flagged files and their evidence. Everything it started is stopped and removed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { FileCertificateRecord } from '../parsers/record/columns.ts';
import { printable } from '../parsers/record/printable.ts';

const project = path.join(import.meta.dirname, '..');
const RULE = 'TightVNC';
/** Flagged files listed one by one; the rest are counted. */
const LISTED = 50;
/** A first start compiles Microsoft's parser: seconds, not a minute. */
const START_DEADLINE_MS = 60_000;

async function quickstart(paths: readonly string[]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'certsweep-quickstart-'));
  const data = path.join(folder, 'data');
  const records = path.join(folder, 'records.ndjson');
  const collector = start(
    'collector',
    ['serve', '--data', data, '--listen', '127.0.0.1:0'],
    'pipe',
  );
  try {
    const url = await listeningUrl(collector);
    heading(`1. Scan ${paths.join(' ')} and ship to ${url}`);
    const scan = await exitCode(
      start('agent', [
        ...[
          'scan',
          '--format',
          'ndjson',
          '--out',
          records,
          '--collector',
          url,
          '--fail-on',
          'never',
        ],
        ...['--', ...paths],
      ]),
    );
    if (scan !== 0) return scan;
    heading('2. Devices, by the hunting query for TightVNC, unchanged, on the collector');
    const hunt = await exitCode(start('collector', ['hunt', RULE, '--data', data]));
    if (hunt !== 0) return hunt;
    heading('3. Flagged files');
    const device = await printFlagged(records);
    if (device === undefined) return 0;
    heading('4. What the collector knows of them');
    return await exitCode(start('collector', ['hunt', RULE, '--data', data, '--evidence', device]));
  } finally {
    await stop(collector);
    await rm(folder, { recursive: true, force: true });
  }
}

function start(
  folder: 'agent' | 'collector',
  args: string[],
  stdout: 'inherit' | 'pipe' = 'inherit',
) {
  return spawn(process.execPath, [path.join(project, folder, 'bin.mjs'), ...args], {
    stdio: ['ignore', stdout, 'inherit'],
  });
}

/** The address in the collector's first line, `... listening on http://127.0.0.1:PORT`. */
async function listeningUrl(collector: ChildProcess): Promise<string> {
  const output = collector.stdout;
  if (!output) throw new Error('the collector was started without a pipe');
  const deadline = setTimeout(() => collector.kill('SIGKILL'), START_DEADLINE_MS);
  try {
    for await (const line of createInterface({ input: output })) {
      const url = /listening on (http:\/\/\S+)/.exec(line)?.[1];
      if (url) {
        output.resume(); // or a full pipe would stall it
        return url;
      }
    }
  } finally {
    clearTimeout(deadline);
  }
  throw new Error('the collector stopped before it listened; its message is above');
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 130));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = exitCode(child);
  child.kill('SIGTERM');
  await ended;
}

/** Gives the DeviceId of flagged records; undefined where there are none. */
async function printFlagged(recordsFile: string): Promise<string | undefined> {
  let flagged = 0;
  let device: string | undefined;
  for await (const line of createInterface({
    input: createReadStream(recordsFile),
    crlfDelay: Infinity,
  })) {
    const record = JSON.parse(line) as FileCertificateRecord;
    if (!Array.isArray(record.Rules) || record.Rules.length === 0) continue;
    flagged += 1;
    device = record.DeviceId ?? device;
    if (flagged > LISTED) continue;
    const file = path.join(record.FolderPath ?? '', record.FileName ?? '');
    console.log(printable(file));
    console.log(
      `    ${record.SignatureStatus}, signer ${printable(record.Signer ?? '')}, SHA1 ${record.SHA1}`,
    );
  }
  if (flagged === 0)
    console.log('None: no file here is signed by a vendor the built-in rules name.');
  else if (flagged > LISTED) console.log(`... and ${flagged - LISTED} more`);
  return device;
}

function heading(text: string): void {
  console.log(`\n${text}\n`);
}

const given = process.argv.slice(2);
process.exitCode = await quickstart(given.length > 0 ? given : [path.join(project, 'fixtures')]);
