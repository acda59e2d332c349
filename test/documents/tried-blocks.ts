import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const docs = path.join(import.meta.dirname, '../../docs');

export function textOf(page: string): string {
  return readFileSync(path.join(docs, page), 'utf8');
}

/** The fenced blocks of `docs/PAGE` whose fence says `language`, in their order. */
export function blocksOf(page: string, language: string): string[] {
  const blocks = [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === language)
    .map(([, , block = '']) => block);
  if (blocks.length === 0) throw new Error(`${page} has no block of ${language}`);
  return blocks;
}

export interface TriedRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs all blocks of the page that say `sh tried`, one after the other, each beginning in `cwd`: the first command that fails
 * ends it. `programs` is the folder of the executables, `env` what the page leaves to its reader.
 */
export function runTried(
  page: string,
  { cwd, programs, env }: { cwd: string; programs: string; env: Record<string, string> },
): TriedRun {
  const script = blocksOf(page, 'sh tried')
    .map((block) => `cd "$BEGIN"\n${block}`)
    .join('\n');
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: { PATH: `${programs}:/usr/sbin:/usr/bin:/sbin:/bin`, BEGIN: cwd, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
