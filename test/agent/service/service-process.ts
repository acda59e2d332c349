import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import type { FakeCollector } from '../fake-collector.ts';
import { agentFile } from '../run-agent.ts';

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Writes a configuration for `collector` into `folder` and returns its path. */
export function writeConfig(
  folder: string,
  collector: Pick<FakeCollector, 'url'>,
  keys = '',
): string {
  const file = path.join(folder, 'config.yaml');
  const text = `state: ${folder}/state\ncollector: {url: "${collector.url}"}\n${keys}`;
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const started = new Set<ChildProcess>();
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** `certsweep run` in a process of its own, with its log. What a failed test leaves running ends with its file. */
export class ServiceProcess {
  readonly lines: LogLine[] = [];
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { ...process.env, XDG_DATA_HOME: '/nonexistent', ...environment };
    this.#child = spawn(process.execPath, [agentFile, 'run', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env,
    });
    started.add(this.#child);
    let rest = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      const complete = `${rest}${text}`.split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete)
        if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine);
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit status, null after a kill. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  events(event: string): LogLine[] {
    return this.lines.filter((line) => line.event === event);
  }

  /** Waits for the `count`th line of that event and returns it. Throws where the process ends before. */
  async until(event: string, count = 1): Promise<LogLine> {
    for (;;) {
      const found = this.events(event)[count - 1];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`ended before ${event}: ${this.stderr}`);
      await pause(20);
    }
  }
}
