import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutableRun } from './run-executable.ts';

/**
 * A scan that stands still in its middle: it writes records to standard output, which nobody reads until finish(). Give it
 * far more of them than a pipe holds.
 */
export class HeldScan {
  readonly process: ChildProcess;
  #stderr = '';
  readonly #first: Promise<unknown>;

  constructor(executable: string, args: readonly string[]) {
    this.process = spawn(executable, args, { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#first = once(this.process.stdout ?? this.process, 'readable');
  }

  /** Resolves once records have been written. */
  async started(): Promise<void> {
    await this.#first;
  }

  /** Reads what is left and waits for the end. */
  async finish(): Promise<ExecutableRun> {
    let stdout = '';
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const [status] = await once(this.process, 'close');
    return { status: status as number | null, stdout, stderr: this.#stderr };
  }
}
