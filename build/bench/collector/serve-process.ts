import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOptions } from '../../../collector/memory-options.ts';
import { databaseFile } from '../../../collector/store/sqlite/open-database.ts';

const bin = path.join(import.meta.dirname, '../../../collector/bin.mjs');
/** Clock ticks of /proc/PID/stat in a second on Linux. */
const TICKS_PER_SECOND = 100;
const WATCH_MS = 100;

/** The real `serve`, with tokens required, and what it uses. Linux: the figures are read from /proc. */
export class ServeProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #database: string;
  readonly #timer: NodeJS.Timeout;
  /** Since it was last set to 0, in bytes. */
  walPeak = 0;

  private constructor(child: ChildProcess, url: string, dataFolder: string) {
    this.#child = child;
    this.url = url;
    this.#database = databaseFile(dataFolder);
    this.#timer = setInterval(() => this.#look(), WATCH_MS);
  }

  static async start(dataFolder: string, nodeOptions: readonly string[]): Promise<ServeProcess> {
    const args = ['serve', '--data', dataFolder, '--listen', '127.0.0.1:0', '--require-tokens'];
    const child = spawn(process.execPath, [...memoryOptions, ...nodeOptions, bin, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /listening on (http:\S+)$/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stdout.resume();
      return new ServeProcess(child, url, dataFolder);
    }
    throw new Error('the collector ended before it listened');
  }

  /** Until the KQL parser has answered its first query. */
  async ready(): Promise<void> {
    for (;;) {
      const { status } = await fetch(`${this.url}/readyz`);
      if (status === 200) return;
      await sleep(WATCH_MS);
    }
  }

  /** CPU seconds of all threads so far. */
  get cpuSeconds(): number {
    const text = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** The highest resident set so far, bytes. */
  get rssPeak(): number {
    const text = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) * 1024;
  }

  /** Of the database with what its WAL holds, as it will be in the file. */
  get databaseBytes(): number {
    const db = new DatabaseSync(this.#database, { readOnly: true });
    try {
      const read = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
      return read('page_count') * read('page_size');
    } finally {
      db.close();
    }
  }

  /** Throws where it does not end in order. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [status] = await ended;
    if (status !== 0) throw new Error(`the collector ended with ${status}`);
  }

  #look(): void {
    const size = statSync(`${this.#database}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.walPeak = Math.max(this.walPeak, size);
  }
}
