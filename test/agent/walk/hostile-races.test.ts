import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Problem } from '../../../agent/inspect/file-outcome.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const root = path.join(folder, 'root');
const churn = path.join(root, 'churn');
const STABLE = 500;

/** Makes, moves, swaps and deletes below `churn` as fast as it can, until it is killed. */
const CHURN = `
const fs = require('node:fs');
const { execFileSync } = require('node:child_process');
const [churn, outside, content] = process.argv.slice(1);
const bytes = fs.readFileSync(content);
const attempt = (change) => { try { change(); } catch (error) { if (!error.code) throw error; } };
process.chdir(churn);
execFileSync('mkfifo', ['pipe']);
for (let round = 0; ; round++) {
  const name = 'come-and-go-' + (round % 50) + '.exe';
  attempt(() => fs.writeFileSync(name, bytes));
  attempt(() => fs.appendFileSync('growing.exe', bytes));
  if (round % 64 === 0) attempt(() => fs.writeFileSync('growing.exe', bytes));
  attempt(() => { fs.mkdirSync('dir'); fs.writeFileSync('dir/inside.exe', bytes); });
  attempt(() => { fs.renameSync('dir', 'moved'); fs.symlinkSync(outside, 'dir'); });
  attempt(() => { fs.rmSync('dir'); fs.renameSync('moved', 'dir'); });
  attempt(() => { fs.renameSync('pipe', 'swapped.exe'); fs.renameSync('swapped.exe', 'pipe'); });
  attempt(() => { fs.renameSync(name, 'swapped.exe'); fs.rmSync('swapped.exe'); });
  if (round % 7 === 0) attempt(() => fs.rmSync('dir', { recursive: true }));
  if (round === 30) fs.writeFileSync('../../churning', '');
}`;

test('a sweep beside a process that changes all under its hands reads everything else, and ends', async () => {
  const stable = Array.from({ length: STABLE }, (_, index) => `folder-${index % 20}/${index}.exe`);
  writeTree(root, {
    ...Object.fromEntries(stable.map((file) => [file, peBytes()])),
    'churn/growing.exe': peBytes({ size: 200_000 }),
  });
  writeTree(folder, { 'outside/other.exe': peBytes(), content: peBytes({ size: 3000 }) });
  const arguments_ = [churn, path.join(folder, 'outside'), path.join(folder, 'content')];
  const churning = spawn(process.execPath, ['-e', CHURN, ...arguments_], { stdio: 'inherit' });
  const ended = new Promise((resolve) => churning.once('close', resolve));
  try {
    while (!existsSync(path.join(folder, 'churning'))) await wait(20);
    await sweepOnce(stable);
  } finally {
    churning.kill('SIGKILL');
    await ended;
  }
}, 120_000);

async function sweepOnce(stable: readonly string[]): Promise<void> {
  const out = path.join(folder, 'out');
  const args = ['scan', root, '--format', 'ndjson', '--out', out, '--errors', `${out}.errors`];
  const { status, stderr } = await runAgent(args);
  expect([0, 3], stderr).toContain(status);

  const recorded = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'))
    .map(({ FolderPath, FileName }) => path.join(FolderPath ?? '', FileName ?? ''))
    .filter((file) => !file.startsWith(churn));
  expect(recorded.sort()).toEqual(stable.map((file) => path.join(root, file)).sort());

  for (const problem of parseLines<Problem>(readFileSync(`${out}.errors`, 'utf8'))) {
    expect(problem.path.startsWith(churn), problem.path).toBe(true);
    expect(['gone', 'changed', 'unreadable', 'malformed']).toContain(problem.reason);
  }
}
