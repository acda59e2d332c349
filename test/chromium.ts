import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What a page did while it was open. */
export interface PageEvents {
  /** Everything that the console and the log got: errors, refusals of the policy, violations. */
  readonly console: string[];
  /** Addresses of every request, the page itself first. */
  readonly requests: string[];
}

/**
 * A headless Chromium of its own, spoken to over a pipe by the DevTools protocol: messages of JSON, each closed by a NUL.
 * Source: chromedevtools.github.io/devtools-protocol; `--remote-debugging-pipe` reads descriptor 3 and writes 4.
 */
export class Chromium {
  readonly #child: ChildProcess;
  readonly #profile = mkdtempSync(path.join(tmpdir(), 'certsweep-chromium-'));
  readonly #waiting = new Map<number, (message: Message) => void>();
  /** Settles when the browser is gone. */
  readonly #closed: Promise<void>;
  #onEvent: (message: Message) => void = () => {};
  #session: string | undefined;
  #lastId = 0;

  constructor() {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // its sandbox refuses root
    const flags = ['--headless', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'];
    this.#child = spawn(
      'chromium',
      [...flags, ...root, `--user-data-dir=${this.#profile}`, '--remote-debugging-pipe'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    this.#closed = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', () => {
        const error = { message: 'Chromium has ended' };
        for (const answer of this.#waiting.values()) answer({ error });
        resolve();
      });
    });
    let pending = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (pending + text).split('\0');
      pending = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
  }

  /** Opens a file in a tab of `width` pixels and returns what it does, then and later. */
  async open(file: string, width: number): Promise<PageEvents> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    });
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    this.#session = sessionId;
    const events: PageEvents = { console: [], requests: [] };
    const loaded = new Promise<void>((resolve) => {
      this.#onEvent = ({ method, params }) => {
        if (method === 'Page.loadEventFired') resolve();
        if (method === 'Network.requestWillBeSent')
          events.requests.push((params as { request: { url: string } }).request.url);
        if (method && CONSOLE_EVENTS.has(method)) events.console.push(JSON.stringify(params));
      };
    });
    for (const domain of ['Page', 'Network', 'Log', 'Runtime', 'Audits'])
      await this.send(`${domain}.enable`);
    await this.send('Emulation.setDeviceMetricsOverride', {
      ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
    });
    await this.send('Page.navigate', { url: pathToFileURL(file).href });
    await Promise.race([loaded, this.#closed]);
    return events;
  }

  /** The value of a JavaScript expression in the page. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result } = await this.send<{ result: { value: Value } }>('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    return result.value;
  }

  async send<Result>(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<Result> {
    const id = ++this.#lastId;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    const text = JSON.stringify({ id, method, params, ...session });
    (this.#child.stdio[3] as Writable).write(`${text}\0`);
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  /** By its own leave: killed, its helpers live on for a moment and write to the profile once more. */
  async close(): Promise<void> {
    this.#session = undefined;
    await this.send('Browser.close').catch(() => this.#child.kill('SIGKILL'));
    await this.#closed;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(message: Message): void {
    if (message.id === undefined) {
      this.#onEvent(message);
      return;
    }
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}

const CONSOLE_EVENTS: ReadonlySet<string> = new Set([
  'Runtime.consoleAPICalled',
  'Runtime.exceptionThrown',
  'Log.entryAdded',
  'Audits.issueAdded',
]);
