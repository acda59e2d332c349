import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { Doors } from '../../../collector/doors/doors.ts';
import type { TokenPurpose } from '../../../collector/doors/write-token.ts';
import { CollectorProcess, temporaryFolder } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';

export const TABLE = 'AgentFileCertificateInfo';
export const DEVICE = 'a'.repeat(40);
export const OTHER = 'b'.repeat(40);

/**
 * What one attack may make the process hold, in MB: Microsoft's parser alone takes about 110, and eight uploads of
 * 32 MB with the rows that they hold are allowed to be in memory at once.
 */
export const MAX_RSS_MB = 900;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A real collector that requires tokens, and beside its attacker a device and a reader who want to be served. */
export class UnderAttack {
  readonly collector: CollectorProcess;
  readonly data: string;
  readonly device: string;
  readonly reader: string;
  readonly #remove: () => void;
  #sent = 0;

  private constructor(collector: CollectorProcess, data: string, remove: () => void) {
    this.collector = collector;
    this.data = data;
    this.#remove = remove;
    this.device = this.token({ kind: 'device', deviceId: DEVICE });
    this.reader = this.token({ kind: 'reader', name: 'soc' });
  }

  static async start(): Promise<UnderAttack> {
    const { folder, remove } = temporaryFolder();
    const collector = await CollectorProcess.start(folder, ['--require-tokens']);
    return new UnderAttack(collector, folder, remove);
  }

  token(purpose: TokenPurpose): string {
    const doors = new Doors(this.data, Date.now);
    try {
      return doors.add(purpose);
    } finally {
      doors.close();
    }
  }

  get port(): number {
    return Number(new URL(this.collector.url).port);
  }

  /** Others are served: a batch is stored and a query answered, and the process has not grown past its bound. */
  async stillServes(): Promise<void> {
    this.#sent += 1;
    const ReportId = 1_000_000 + this.#sent;
    const rows = ndjson([record({ DeviceId: DEVICE, ReportId })]);
    const stored = await this.collector.postRows(TABLE, rows, bearer(this.device));
    expect(stored).toMatchObject({ status: 200, json: { stored: 1 } });
    const query = `${TABLE} | where ReportId == ${ReportId} | count`;
    const answer = await this.collector.query(query, undefined, bearer(this.reader));
    expect(answer).toMatchObject({ status: 200, json: { rows: [[1]] } });
    expect(this.rssMb()).toBeLessThan(MAX_RSS_MB);
  }

  /** The most that the process has held so far, on Linux; elsewhere it is not known, and 0. */
  rssMb(): number {
    if (process.platform !== 'linux') return 0;
    const status = readFileSync(`/proc/${this.collector.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Sends bytes as they are, and gives all that came back until the server closed, or `patience` ms passed. */
  async raw(bytes: string | Uint8Array, patience = 3_000): Promise<string> {
    const socket = this.open();
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    socket.write(bytes);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    socket.destroy();
    return answer;
  }

  /** A bare connection; `from` is a loopback address of its own, which Linux has without being asked. */
  open(from?: string): Socket {
    const where = from === undefined ? {} : { localAddress: from };
    const socket = connect({ host: '127.0.0.1', port: this.port, ...where });
    socket.on('error', () => socket.destroy()); // it is the attacker's: the server may hang up
    return socket;
  }

  async stop(): Promise<void> {
    expect(await this.collector.stop()).toBe(0);
    this.#remove();
  }
}

/** The statuses of the answers in what raw() gave. */
export function statusesIn(answer: string): readonly number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
}
