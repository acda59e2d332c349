import type { SweepRow } from '../../parsers/record/columns.ts';
import { type CollectorAddress, postRows, ShipError } from './collector-client.ts';

const MAX_ROWS = 5000;
/** Characters; a record has some 2,000. */
const MAX_BODY = 4 * 1024 * 1024;

/**
 * Sends records in batches while the scan runs and the sweep row last, so that its presence says that the records are
 * there. After the first failure nothing more is sent: the scan goes on, and `failure` says why.
 */
export class Shipper {
  readonly #address: CollectorAddress;
  #lines: string[] = [];
  #size = 0;
  #sent = 0;
  #failure: ShipError | undefined;

  constructor(address: CollectorAddress) {
    this.#address = address;
  }

  /** Records that the collector has acknowledged. */
  get sent(): number {
    return this.#sent;
  }

  get failure(): ShipError | undefined {
    return this.#failure;
  }

  /** `line` is a record's JSON with its line end. Waits for the collector where a batch is full. */
  async add(line: string): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#lines.push(line);
    this.#size += line.length;
    if (this.#lines.length >= MAX_ROWS || this.#size >= MAX_BODY) await this.#flush();
  }

  async finish(sweep: SweepRow): Promise<void> {
    await this.#flush();
    if (this.#failure === undefined)
      await this.#post('AgentSweepInfo', `${JSON.stringify(sweep)}\n`);
  }

  async #flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    this.#size = 0;
    if (lines.length === 0 || this.#failure !== undefined) return;
    await this.#post('AgentFileCertificateInfo', lines.join(''));
    if (this.#failure === undefined) this.#sent += lines.length;
  }

  async #post(table: 'AgentFileCertificateInfo' | 'AgentSweepInfo', body: string): Promise<void> {
    try {
      await postRows(this.#address, table, body);
    } catch (error) {
      if (!(error instanceof ShipError)) throw error;
      this.#failure = error;
    }
  }
}
