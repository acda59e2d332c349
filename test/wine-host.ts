import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { programBlob } from '../build/package/build-package.ts';
import { agent, collector, type Program } from '../build/package/programs.ts';
import { fetchRuntime } from '../build/package/runtime.ts';
import { windowsExecutable } from '../build/package/windows-executable.ts';
import { haveApt, wineVersion } from '../build/wine/install-wine.ts';
import { wineCopy } from '../build/wine/test-copy.ts';
import { WinePrefix, type WineProcess, type WineRun } from '../build/wine/wine-prefix.ts';
import manifest from '../package.json' with { type: 'json' };

/**
 * True where Wine (a Debian package) is installed. Where apt could install it, its absence is an error in CI; elsewhere a loud line
 * and skipped tests.
 */
export function haveWine(): boolean {
  if (wineVersion() !== undefined) return true;
  const message =
    'certsweep: Wine is not installed (node build/wine.ts setup): tests of the Windows executables are LEFT OUT';
  if (process.env.CI && haveApt()) throw new Error(message);
  console.warn(message);
  return false;
}

/** A Windows with our two executables on drive C, for all tests of one file. */
export class WineHost {
  /** Where they are: nobody may depend on an easy path. */
  static readonly home = 'mit Leerzeichen & Ümläuten, 文件 😀';
  readonly wine: WinePrefix;
  readonly #folder: string;

  private constructor(folder: string, wine: WinePrefix) {
    this.#folder = folder;
    this.wine = wine;
  }

  /** Builds the executables and makes the Windows: some half a minute. */
  static async start(): Promise<WineHost> {
    const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-wine-'));
    const host = new WineHost(folder, await WinePrefix.create(folder));
    try {
      mkdirSync(path.dirname(host.agent));
      for (const program of [agent, collector]) await host.#build(program);
    } catch (error) {
      await host.stop();
      throw error;
    }
    return host;
  }

  get agent(): string {
    return this.#place(agent);
  }

  get collector(): string {
    return this.#place(collector);
  }

  /** Runs `certsweep ARGS` in it. */
  runAgent(...args: string[]): Promise<WineRun> {
    return this.wine.run(this.agent, args);
  }

  startAgent(...args: string[]): WineProcess {
    return this.wine.start(this.agent, args);
  }

  /** Runs `certsweep-collector ARGS` in it. */
  runCollector(...args: string[]): Promise<WineRun> {
    return this.wine.run(this.collector, args);
  }

  /** A new empty folder on its drive C, as a path of Linux; `this.wine.path` is what it calls it. */
  newFolder(name: string): string {
    const folder = path.join(this.wine.driveC, name);
    mkdirSync(folder);
    return folder;
  }

  async stop(): Promise<void> {
    await this.wine.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #build(program: Program): Promise<void> {
    const { executable: node } = fetchRuntime('win');
    const { version } = manifest;
    const blob = await programBlob(program);
    const executable = windowsExecutable({ node, blob, program, version });
    writeFileSync(this.#place(program), wineCopy(executable));
  }

  #place({ name }: Program): string {
    return path.join(this.wine.driveC, WineHost.home, `${name}.exe`);
  }
}
