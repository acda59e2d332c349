import type { FastifyInstance } from 'fastify';
import { Doorkeeper } from '../doors/doorkeeper.ts';
import { Doors } from '../doors/doors.ts';
import type { QueryCompiler } from '../query/compile-result.ts';
import { createServer, DEFAULT_SERVER_LIMITS } from '../server.ts';
import { type DataLock, lockDataFolder } from '../store/data-lock.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import { StoreError } from '../store/store-error.ts';
import { UsageError } from '../usage-error.ts';

export interface ServeOptions {
  readonly data: string;
  readonly listen: string;
  readonly requireTokens?: boolean;
}

/** How long requests in progress may take after SIGTERM or SIGINT. */
const GRACE_MS = 10_000;

/** `serve`: resolves when the server listens; SIGTERM and SIGINT then stop it after the requests in progress. */
export async function serve({ data, listen, requireTokens = false }: ServeOptions): Promise<void> {
  const address = parseListenAddress(listen);
  const lock = lockDataFolder(data);
  const doors = new Doors(data, Date.now);
  const store = await SqliteStore.open(data, 'read-write');
  const audit = (line: string) => process.stderr.write(`${line}\n`);
  const server = createServer({
    store,
    compiler: store,
    doors,
    doorkeeper: new Doorkeeper({ doors, required: requireTokens, clock: Date.now, audit }),
    limits: DEFAULT_SERVER_LIMITS,
    clock: Date.now,
    logError: (error) => console.error(error instanceof StoreError ? error.message : error),
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopServing(server, store, doors, lock);
    return stopping;
  };
  let url: string;
  try {
    url = await server.listen(address);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot listen on ${listen}: ${reason}`);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.stdout.write(`certsweep-collector listening on ${url}\n`);
  await warmUp(store);
}

/** The parser takes two seconds to load and to answer its first query, 20 ms afterwards: nobody should wait for that. */
async function warmUp(compiler: QueryCompiler): Promise<void> {
  try {
    await compiler.compile('DeviceFileCertificateInfo | where Timestamp > now() | count');
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'cancelled')) throw error; // stopped meanwhile
  }
}

async function stopServing(
  server: FastifyInstance,
  store: SqliteStore,
  doors: Doors,
  lock: DataLock,
): Promise<void> {
  const deadline = setTimeout(() => server.server.closeAllConnections(), GRACE_MS);
  await server.close();
  clearTimeout(deadline);
  await store.close();
  doors.close();
  lock.release();
}

/** `HOST:PORT`. Only loopback: there is no authentication yet, so whoever reaches the port may read and write. */
export function parseListenAddress(text: string): { host: string; port: number } {
  const [, name = '', digits = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    throw new UsageError(`--listen takes HOST:PORT, as 127.0.0.1:8400, not ${text}`);
  if (name === 'localhost') return { host: '127.0.0.1', port };
  if (name === '[::1]') return { host: '::1', port };
  if (/^127(\.\d{1,3}){3}$/.test(name)) return { host: name, port };
  throw new UsageError(
    `--listen ${text} is not a loopback address: this version has no authentication, so it listens on 127.0.0.1 only`,
  );
}
