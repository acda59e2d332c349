import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export const agentFile = path.join(import.meta.dirname, '../../agent/bin.mjs');

export interface AgentRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentOptions {
  /** A program and its arguments that starts the agent's process: setpriv. */
  readonly through?: readonly string[];
  /** Called with the running child, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** What this machine has imported or installed must not judge in tests: only its TLS roots are left. */
const noRootsAtHand = { XDG_DATA_HOME: '/nonexistent', DOTNET_ROOT: '/nonexistent' };

/** Runs `certsweep ARGS` in a process of its own. */
export function runAgent(args: readonly string[], options: AgentOptions = {}): Promise<AgentRun> {
  const [program = '', ...rest] = [
    ...(options.through ?? []),
    process.execPath,
    agentFile,
    ...args,
  ];
  const env = { ...process.env, ...noRootsAtHand };
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** The objects of an NDJSON text. */
export function parseLines<Row>(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
