import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

export interface ExecutableRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment is empty unless one is given: no PATH, HOME or TMPDIR. */
export interface RunOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'> {
  /** A program and its arguments that starts the executable: setpriv. */
  readonly through?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs `executable ARGS` and gives what it wrote to the pipes that `stdio` leaves it. */
export function runExecutable(
  executable: string,
  args: readonly string[],
  { through = [], onStart, env = {}, stdio = ['ignore', 'pipe', 'pipe'], cwd }: RunOptions = {},
): Promise<ExecutableRun> {
  const [program = '', ...rest] = [...through, executable, ...args];
  const child = spawn(program, rest, { cwd, env, stdio });
  onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
