import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

export interface WineRun {
  /** null after a kill. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface WineOptions {
  /** A folder of Linux. */
  readonly cwd?: string;
  /** Added to the environment of the program. */
  readonly env?: Readonly<Record<string, string>>;
  /** After this the program is killed. */
  readonly timeoutMs?: number;
}

/** A program that runs. What it has written so far is in its files: a pipe out of Wine loses text. */
export class WineProcess {
  readonly #child: ChildProcess;
  readonly #output: string;
  readonly #ended: Promise<number | null>;
  #isKilled = false;

  constructor(child: ChildProcess, output: string) {
    this.#child = child;
    this.#output = output;
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
  }

  /** Waits until its output has what `pattern` finds. Throws where the program ends before. */
  async untilSaid(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const hasEnded = this.#child.exitCode !== null || this.#child.signalCode !== null;
      const output = this.#read('stdout') + this.#read('stderr');
      const found = pattern.exec(output);
      if (found !== null) return found;
      if (hasEnded) throw new Error(`ended before it said ${pattern}: ${output}`);
      await sleep(POLL_MS);
    }
  }

  /** Throws where the time was over: what it had said until then is in the error. */
  async ended(): Promise<WineRun> {
    const status = await this.#ended;
    if (this.#child.killed && !this.#isKilled)
      throw new Error(`no end in time, it said: ${this.#read('stdout')}${this.#read('stderr')}`);
    return { status, stdout: this.#read('stdout'), stderr: this.#read('stderr') };
  }

  /** At once, as by the task manager. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #read(stream: 'stdout' | 'stderr'): string {
    return readFileSync(`${this.#output}.${stream}`, 'utf8');
  }
}

/**
 * A Windows of its own in a folder: registry, drive C, its user's home. Drive Z is the whole of this machine, so it keeps
 * nothing away from the programs in it.
 */
export class WinePrefix {
  /** Drive C. */
  readonly driveC: string;
  readonly #folder: string;
  #runs = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.driveC = path.join(folder, 'prefix', 'drive_c');
  }

  /** Makes it in `folder`, which is empty: some ten seconds. Throws where Wine fails. */
  static async create(folder: string): Promise<WinePrefix> {
    for (const name of ['home', 'output', 'tmp']) mkdirSync(path.join(folder, name));
    const prefix = new WinePrefix(folder);
    await prefix.#mustRun('wineboot', ['--init']);
    // As Windows 10, connect() fails: libuv then asks for more than Wine 8 has.
    const version = ['add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win81', '/f'];
    await prefix.#mustRun('reg', version);
    return prefix;
  }

  /** Starts a program of Windows by its path on Linux, or by its name where it is one of Wine's. */
  start(program: string, args: readonly string[], options: WineOptions = {}): WineProcess {
    this.#runs += 1;
    const output = path.join(this.#folder, 'output', String(this.#runs));
    const stdout = openSync(`${output}.stdout`, 'w');
    const stderr = openSync(`${output}.stderr`, 'w');
    try {
      const child = spawn('wine', [program, ...args], {
        cwd: options.cwd ?? this.driveC,
        env: { ...this.#environment(), ...options.env },
        stdio: ['ignore', stdout, stderr],
        timeout: options.timeoutMs ?? 120_000,
        killSignal: 'SIGKILL',
      });
      return new WineProcess(child, output);
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  }

  run(program: string, args: readonly string[], options: WineOptions = {}): Promise<WineRun> {
    return this.start(program, args, options).ended();
  }

  /** How a program in this Windows calls a file of Linux. */
  path(file: string): string {
    const inside = path.relative(this.driveC, file);
    const [drive, rest] = inside.startsWith('..') ? ['Z:', file] : ['C:', `/${inside}`];
    return `${drive}${rest.replaceAll('/', '\\')}`;
  }

  /** Ends every program in it. */
  async close(): Promise<void> {
    const server = spawn('wineserver', ['--kill'], { env: this.#environment(), stdio: 'ignore' });
    await new Promise((resolve) => server.once('close', resolve));
  }

  async #mustRun(program: string, args: readonly string[]): Promise<void> {
    const { status, stderr } = await this.run(program, args, {
      cwd: this.#folder,
      timeoutMs: 120_000,
    });
    if (status !== 0) throw new Error(`wine ${program} ended with ${status}: ${stderr}`);
  }

  /** Nothing of this machine's: the programs must do without. Names on disk are UTF-8. */
  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: path.join(this.#folder, 'home'),
      TMPDIR: path.join(this.#folder, 'tmp'), // of Wine itself; its programs have one on drive C
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      WINEPREFIX: path.join(this.#folder, 'prefix'),
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=', // neither .NET nor a browser, which it would offer to fetch
      NODE_SKIP_PLATFORM_CHECK: '1', // Node 24 starts on Windows 10 only
    };
  }
}
