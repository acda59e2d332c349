import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { canonicalColumns } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';

export const TOKEN = 'eyJ0.a-token.of-the-test';
export const WORKSPACE = '11111111-2222-3333-4444-555555555555';

export type Row = Readonly<Record<string, unknown>> & { readonly Timestamp: string };

export interface AskedFor {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, string>>;
}

interface ServiceOptions {
  readonly rows: readonly Row[];
  /** Rows of one answer. */
  readonly limit?: number;
  /** What Graph does with more: leaves them out, or refuses as Defender documents it. */
  readonly beyond?: 'cut' | 'refuse';
  /** Answers to the first requests; undefined answers as always. */
  readonly first?: readonly (RequestListener | undefined)[];
  readonly tls?: { readonly cert: string; readonly key: string };
}

/**
 * A server on loopback that answers as Microsoft documents Graph's runHuntingQuery and the Log Analytics query API, from rows
 * of its own: with the limits, partial answers and errors of both. It understands the one query that is asked.
 */
export class QueryService {
  readonly asked: AskedFor[] = [];
  readonly #options: ServiceOptions;
  readonly #server: Server;

  private constructor(options: ServiceOptions) {
    this.#options = options;
    const answer: RequestListener = (request, response) => void this.#answer(request, response);
    this.#server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
  }

  static async start(options: ServiceOptions): Promise<QueryService> {
    const service = new QueryService(options);
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.#options.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(...[request, response]: Parameters<RequestListener>): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { url = '', headers } = request;
    const body = JSON.parse(text);
    this.asked.push({ path: url, headers, body });
    const special = this.#options.first?.[this.asked.length - 1];
    if (special) {
      special(request, response);
      return;
    }
    const [status, answer] =
      headers.authorization === `Bearer ${TOKEN}`
        ? this.#rowsOf(url, body)
        : [
            401,
            { error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.' } },
          ];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  #rowsOf(path: string, body: Readonly<Record<string, string>>): [number, object] {
    const { rows, limit = Number.POSITIVE_INFINITY, beyond = 'cut' } = this.#options;
    const found = inWindow(rows, body.Query ?? body.query ?? '');
    const kept = found.slice(0, limit);
    if (path === '/v1.0/security/runHuntingQuery') {
      if (kept.length < found.length && beyond === 'refuse')
        return [400, { error: { code: 'BadRequest', message: TOO_LARGE } }];
      return [200, graphAnswer(kept)];
    }
    if (path === `/v1/workspaces/${WORKSPACE}/query`)
      return [200, { ...logAnswer(kept), ...(kept.length < found.length && { error: PARTIAL }) }];
    return [404, { error: { code: 'NotFound', message: path } }];
  }
}

const TOO_LARGE =
  'Query execution has exceeded the allowed result size. Optimize your query by limiting the number of results and try again';
const PARTIAL = {
  code: 'PartialError',
  message: 'There were some errors when processing your query.',
  details: [{ code: 'EngineError', message: 'E_QUERY_RESULT_SET_TOO_LARGE' }],
};
const NAMES = Object.keys(canonicalColumns);
const NET_TYPES = { string: 'String', bool: 'SByte', datetime: 'DateTime', long: 'Int64' };

function graphAnswer(rows: readonly Row[]): object {
  const schema = Object.entries(canonicalColumns).map(([name, { type }]) => ({
    name,
    type: NET_TYPES[type],
  }));
  return { '@odata.context': 'of the test', schema, results: rows };
}

function logAnswer(rows: readonly Row[]): object {
  const columns = Object.entries(canonicalColumns).map(([name, { type }]) => ({ name, type }));
  const cells = rows.map((row) => NAMES.map((name) => row[name] ?? null));
  return { tables: [{ name: 'PrimaryResult', columns, rows: cells }] };
}

function inWindow(rows: readonly Row[], query: string): readonly Row[] {
  const [, from = '', to = ''] =
    /^DeviceFileCertificateInfo\n\| where Timestamp between \(datetime\((\S+)\) \.\. datetime\((\S+)\)\)\n\| project /.exec(
      query,
    ) ?? [];
  const [low, high] = [parseDatetime(from), parseDatetime(to)];
  if (low === undefined || high === undefined) throw new Error(`not the query: ${query}`);
  return rows.filter(({ Timestamp }) => {
    const ticks = parseDatetime(Timestamp) as bigint;
    return ticks >= low && ticks <= high;
  });
}
