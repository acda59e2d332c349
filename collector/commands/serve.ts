import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ApprovalBook } from '../approvals/approval-book.ts';
import { auditRead } from '../doors/audit-read.ts';
import { auditTrail } from '../doors/audit-trail.ts';
import { Doorkeeper } from '../doors/doorkeeper.ts';
import { Doors } from '../doors/doors.ts';
import { EXIT_FAILED } from '../exit-status.ts';
import { Readiness } from '../health/readiness.ts';
import { CollectorLog, type LogLevel } from '../log/collector-log.ts';
import { CollectorMetrics } from '../metrics/collector-metrics.ts';
import { addHuntGauges } from '../metrics/hunt-gauges.ts';
import { addStoreGauges } from '../metrics/store-gauges.ts';
import type { QueryCompiler } from '../query/compile-result.ts';
import { createServer, DEFAULT_SERVER_LIMITS } from '../server.ts';
import { lockDataFolder } from '../store/data-lock.ts';
import { checkDatabase } from '../store/sqlite/check-database.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import { StoreError } from '../store/store-error.ts';
import { UsageError } from '../usage-error.ts';
import {
  type HuntScheduleOptions,
  huntWords,
  openHunts,
  parseHuntSchedule,
} from './hunt-schedule-options.ts';
import { parseListenAddress } from './listen-address.ts';
import { LiveIdentity } from './live-identity.ts';
import { parseRetention, startRetention } from './retention-timer.ts';
import { Shutdown } from './shutdown.ts';
import { checkLine, startLines } from './start-lines.ts';
import { identitySource, type TlsOptions } from './tls-options.ts';

export interface ServeOptions extends TlsOptions, HuntScheduleOptions {
  readonly data: string;
  readonly listen: string;
  readonly logLevel: LogLevel;
  readonly requireTokens?: boolean;
  readonly trustedProxy?: readonly string[];
  readonly retain?: string;
}

/** `serve`: resolves when the server listens; SIGTERM and SIGINT then stop it after the requests in progress. */
export async function serve(options: ServeOptions): Promise<void> {
  const { data, listen, retain, trustedProxy = [] } = options;
  const age = retain === undefined ? undefined : parseRetention(retain);
  const scheduled = parseHuntSchedule(options);
  const notAddress = trustedProxy.find((address) => isIP(address) === 0);
  if (notAddress !== undefined)
    throw new UsageError(
      `--trusted-proxy ${notAddress} is no IP address, such as 127.0.0.1 or ::1`,
    );
  const log = new CollectorLog(options.logLevel);
  const tell = (line: string) => log.info('notice', line);
  const address = parseListenAddress(listen);
  const source = identitySource(options, data, tell);
  if (!address.loopback && !source)
    throw new UsageError(
      `--listen ${listen} is not a loopback address, so that records and tokens would cross the network in the ` +
        'clear: add --tls-cert FILE --tls-key FILE, or --tls-self-signed (tokens are then required, too)',
    );
  const lock = lockDataFolder(data);
  const check = checkDatabase(data);
  const identity = source && new LiveIdentity(source, log);
  const doors = new Doors(data, Date.now);
  const approvals = new ApprovalBook(data);
  const store = await SqliteStore.open(data, 'read-write');
  const hunts = scheduled && (await openHuntsOrClose(scheduled, { data, store, log }));
  const metrics = new CollectorMetrics();
  if (hunts) addHuntGauges(metrics, hunts);
  addStoreGauges(metrics, {
    store,
    dataFolder: data,
    queues: () => ({ ...store.waiting }),
    certificateEnd: () => identity?.current.certificate.validToDate,
    clock: Date.now,
  });
  const readiness = new Readiness(data, Date.now);
  // A proxy shows a loopback address to the network.
  const required = options.requireTokens === true || !address.loopback || trustedProxy.length > 0;
  const audit = auditTrail(data, (line) => log.audit(line), Date.now);
  const doorkeeper = new Doorkeeper({ doors, required, clock: Date.now, audit });
  const server = createServer({
    store,
    intake: store,
    compiler: store,
    doors,
    approvals,
    doorkeeper,
    limits: DEFAULT_SERVER_LIMITS,
    identity: identity && (() => identity.current),
    trustedProxies: trustedProxy,
    clock: Date.now,
    log,
    metrics,
    readiness,
    hunts,
    onAnswered: (answered) => {
      metrics.queryAnswered(answered);
      auditRead(doorkeeper, answered);
    },
  });
  const close = () => {
    metrics.close();
    doors.close();
    approvals.close();
    lock.release();
  };
  const shutdown = new Shutdown({ server, store, metrics, readiness, log, close, hunts });
  const url = await startListening(server, address, listen, shutdown);
  shutdown.onSignals();
  identity?.follow(server);
  if (required && doors.list().length === 0)
    tell('tokens are required and none has been made yet: certsweep-collector enroll makes them');
  process.stdout.write(
    startLines({ url, data, required, retain, hunts: scheduled && huntWords(scheduled) }),
  );
  log.info('database', checkLine(check), { ...check });
  log.info('listening', `listening on ${url}`, { url });
  void store.failed.then((error) => {
    readiness.storeFailed(error);
    log.error(
      'failed',
      `the collector stops, because its store has failed: ${error.message}; start it again`,
    );
    process.exitCode = EXIT_FAILED;
    return shutdown.stop('the store has failed');
  });
  if (age !== undefined)
    startRetention(age, { store, log, metrics, stopping: shutdown.signal, clock: Date.now });
  hunts?.start();
  await warmUp(store);
  readiness.warmedUp();
}

/** A rule that is unknown or refused must not leave the store's threads running. */
async function openHuntsOrClose(
  scheduled: Parameters<typeof openHunts>[0],
  parts: Parameters<typeof openHunts>[1],
) {
  try {
    return await openHunts(scheduled, parts);
  } catch (error) {
    await parts.store.close();
    throw error;
  }
}

async function startListening(
  server: FastifyInstance,
  address: { readonly host: string; readonly port: number },
  listen: string,
  shutdown: Shutdown,
): Promise<string> {
  try {
    return await server.listen({ host: address.host, port: address.port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await shutdown.stop(reason);
    throw new UsageError(`cannot listen on ${listen}: ${reason}`);
  }
}

/** The parser takes two seconds to load and to answer its first query, 20 ms afterwards: nobody should wait for that. */
async function warmUp(compiler: QueryCompiler): Promise<void> {
  try {
    await compiler.compile('DeviceFileCertificateInfo | where Timestamp > now() | count');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error; // stopped meanwhile, or failed, which is told elsewhere
  }
}
