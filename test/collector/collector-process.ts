import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { zstdCompressSync } from 'node:zlib';
import { type Dispatcher, fetch } from 'undici';

const project = path.join(import.meta.dirname, '../..');
const bin = path.join(project, 'collector', 'bin.mjs');

/** A collector process that listens: the node process itself, so that a signal reaches it. */
export class CollectorProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  /** What it has written to stderr so far. */
  log = '';
  /** How it is connected to: set it to a connection that trusts its certificate. */
  dispatcher: Dispatcher | undefined;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** `options` follow `serve --data FOLDER --listen 127.0.0.1:0`; a second --listen replaces the first. */
  static async start(
    dataFolder: string,
    options: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<CollectorProcess> {
    const args = ['serve', '--data', dataFolder, '--listen', '127.0.0.1:0', ...options];
    const child = spawn(process.execPath, [bin, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^certsweep-collector listening on (https?:\S+)$/.exec(line)?.[1];
      if (!url) continue;
      const collector = new CollectorProcess(child, url);
      collector.log = log;
      child.stderr.on('data', (text: string) => {
        collector.log += text;
      });
      return collector;
    }
    throw new Error(`the collector ended before it listened: ${log}`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with the exit status, null after a kill. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const ended = new Promise<number | null>((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    return ended;
  }

  /** Makes it read its certificate again. */
  hangUp(): void {
    this.#child.kill('SIGHUP');
  }

  /** Resolves with the exit status when it ends by itself. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    return new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Posts a body as an agent does; `headers` replace or add. */
  async postRows(
    table: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: unknown }> {
    return this.post(`/v1/tables/${table}/rows`, body, {
      'content-type': 'application/x-ndjson',
      ...headers,
    });
  }

  async query(
    query: string,
    now?: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: unknown }> {
    return this.post('/v1/query', JSON.stringify({ query, now }), {
      'content-type': 'application/json',
      ...headers,
    });
  }

  /** Asks for a device's token as an agent does. */
  async enroll(key: string, body: object): Promise<{ status: number; json: unknown }> {
    return this.post('/v1/enroll', JSON.stringify(body), {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
    });
  }

  async post(
    address: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
  ): Promise<{ status: number; json: unknown }> {
    const { dispatcher } = this;
    const init = { method: 'POST', body, headers, ...(dispatcher && { dispatcher }) };
    const answer = await fetch(this.url + address, init);
    return { status: answer.status, json: await answer.json() };
  }
}

/** A new token of a data folder: what `enroll` with these options prints. */
export async function newToken(dataFolder: string, ...options: string[]): Promise<string> {
  const ran = await runCollector('enroll', '--data', dataFolder, ...options);
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout.trim();
}

/** Runs one command to its end. */
export async function runCollector(
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawnCollector(args);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, ...output };
}

export function spawnCollector(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

export function zstd(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(zstdCompressSync(text));
}

/** A folder for one test file, and how to remove it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-collector-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
