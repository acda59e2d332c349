import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const project = path.join(import.meta.dirname, '../..');
/** Tries to start a collector: the lock of a killed one may outlive it by a moment. */
const START_TRIES = 20;

/** A child that is node itself, not npm or a shell: a signal reaches what it is meant for. */
export interface NodeProcess {
  readonly child: ChildProcess;
  /** The exit status, null after a kill. */
  readonly ended: Promise<number | null>;
  /** The last that it wrote to standard error. */
  errors(): string;
}

export function startAgent(args: readonly string[]): NodeProcess {
  const child = spawn(process.execPath, [path.join(project, 'agent/bin.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // what this machine has imported or installed does not matter here and takes time
    env: { ...process.env, XDG_DATA_HOME: '/nonexistent', DOTNET_ROOT: '/nonexistent' },
  });
  return watched(child);
}

/** A collector that can be killed and comes back on the same data, on whatever port. */
export class Collector {
  readonly #data: string;
  #process: NodeProcess | undefined;
  #url: string | undefined;

  constructor(dataFolder: string) {
    this.#data = dataFolder;
  }

  /** undefined while it is dead or starting. */
  get url(): string | undefined {
    return this.#url;
  }

  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const args = ['serve', '--data', this.#data, '--listen', '127.0.0.1:0'];
      const child = spawn(process.execPath, [path.join(project, 'collector/bin.mjs'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.#process = watched(child);
      for await (const line of createInterface({ input: child.stdout })) {
        this.#url = /listening on (http:\S+)/.exec(line)?.[1];
        if (this.#url !== undefined) break;
      }
      if (this.#url !== undefined) {
        child.stdout.resume();
        return;
      }
      if (tries === START_TRIES)
        throw new Error(`the collector does not start: ${this.#process.errors()}`);
      await sleep(250);
    }
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const current = this.#process;
    this.#process = undefined;
    this.#url = undefined;
    current?.child.kill(signal);
    await current?.ended;
  }

  async query(query: string): Promise<unknown[][]> {
    const response = await fetch(`${this.#url}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    if (response.status !== 200)
      throw new Error(`the query is answered ${response.status}: ${text}`);
    return (JSON.parse(text) as { rows: unknown[][] }).rows;
  }
}

function watched(child: ChildProcess): NodeProcess {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { child, ended, errors: () => errors };
}
