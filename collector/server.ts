import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { ApprovalBook } from './approvals/approval-book.ts';
import type { Doorkeeper } from './doors/doorkeeper.ts';
import type { Doors } from './doors/doors.ts';
import type { Readiness } from './health/readiness.ts';
import { CONNECTION_LIMITS, limitConnections } from './http/connection-limits.ts';
import { refuseDoubtfulHeaders } from './http/doubtful-headers.ts';
import { startErrorReply } from './http/error-reply.ts';
import { refuseBrowsers } from './http/own-hosts-only.ts';
import type { BodyLimits } from './http/read-body.ts';
import { requestIdOf } from './http/request-id.ts';
import { securityHeaders, sendSecurityHeaders } from './http/security-headers.ts';
import { watchRequests } from './http/watch-requests.ts';
import type { Intake } from './ingest/sent-batch.ts';
import type { CollectorLog } from './log/collector-log.ts';
import type { CollectorMetrics } from './metrics/collector-metrics.ts';
import { listRoutes } from './openapi/route-docs.ts';
import { graphRoutes } from './protocols/graph.ts';
import { kustoRoutes } from './protocols/kusto/kusto-routes.ts';
import { logAnalyticsRoutes } from './protocols/log-analytics.ts';
import type { AnsweredQuery } from './query/answer-query.ts';
import type { QueryCompiler } from './query/compile-result.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { devicesRoute } from './routes/devices.ts';
import { enrollRoute } from './routes/enroll.ts';
import { healthRoute } from './routes/health.ts';
import { huntRoute } from './routes/hunt.ts';
import { scheduledHuntRoutes } from './routes/hunts.ts';
import { metricsRoute } from './routes/metrics.ts';
import { openApiRoute } from './routes/openapi.ts';
import { queryRoute } from './routes/query.ts';
import { rowsRoute } from './routes/rows.ts';
import { tokenRoutes } from './routes/tokens.ts';
import type { Hunts } from './schedule/hunts.ts';
import type { Store } from './store/store.ts';
import { type Identity, isNameOf, MIN_TLS_VERSION } from './tls/identity.ts';

export interface ServerLimits extends BodyLimits {
  /** Rows of one batch. */
  readonly rows: number;
  /** Bodies that are read or written at the same time; together with `inflated` this bounds memory. */
  readonly uploads: number;
  /** Of them, those of one device's token: who trickles bodies must not keep all other devices out. */
  readonly uploadsOfDevice: number;
}

/** An agent sends 5,000 rows of about 1,500 bytes, compressed to a tenth. */
export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  sent: 16 * 1024 * 1024,
  inflated: 32 * 1024 * 1024,
  rows: 20_000,
  uploads: 8,
  uploadsOfDevice: 3,
};

export interface ServerOptions {
  readonly store: Store;
  readonly intake: Intake;
  readonly compiler: QueryCompiler;
  readonly doors: Doors;
  readonly approvals: ApprovalBook;
  readonly doorkeeper: Doorkeeper;
  readonly limits: ServerLimits;
  /** What TLS shows, as it is now; undefined for plain HTTP. */
  readonly identity: (() => Identity) | undefined;
  /** Addresses of reverse proxies, which alone may say whose request they pass on. */
  readonly trustedProxies: readonly string[];
  /** Milliseconds since 1970: Date.now outside tests. */
  readonly clock: () => number;
  readonly log: CollectorLog;
  readonly metrics: CollectorMetrics;
  readonly readiness: Readiness;
  /** Those that run on a schedule; undefined where none do. */
  readonly hunts?: Hunts | undefined;
  /** What became of each query, whatever protocol asked it: for the audit log and the metrics. */
  readonly onAnswered?: ((answered: AnsweredQuery) => void) | undefined;
}

/** The collector's HTTP interface. It does not listen yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { identity, doorkeeper } = options;
  const scheme = identity ? 'https' : 'http';
  const server = fastify({
    ...(identity
      ? { https: { ...CONNECTION_LIMITS, ...tlsOptions(identity()), handshakeTimeout: 10_000 } }
      : { http: { ...CONNECTION_LIMITS } }),
    // Fastify sets these on the server itself, to its own defaults where they are not given.
    requestTimeout: CONNECTION_LIMITS.requestTimeout,
    keepAliveTimeout: CONNECTION_LIMITS.keepAliveTimeout,
    maxRequestsPerSocket: CONNECTION_LIMITS.maxRequestsPerSocket,
    trustProxy: [...options.trustedProxies],
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: 100 },
    // An address that Fastify cannot read passes no hook: it is answered here.
    frameworkErrors: (error, _request, reply) => {
      const untyped: FastifyReply = reply;
      const answer = startErrorReply(error, untyped, options);
      untyped.headers(securityHeaders(scheme)).send({ error: answer.body });
    },
    // Schemas describe requests exactly: nothing is coerced or dropped to make them fit.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  }) as FastifyInstance;
  limitConnections(server.server, options.trustedProxies);
  watchRequests(server, options);
  sendSecurityHeaders(server, scheme);
  refuseDoubtfulHeaders(server);
  const isNameOfOurs = (host: string) =>
    identity !== undefined && isNameOf(identity().certificate, host);
  refuseBrowsers(server, scheme, isNameOfOurs);
  server.addHook('onRequest', async (request) => doorkeeper.countRequest(request));
  server.setErrorHandler((error, _request, reply) => {
    const answer = startErrorReply(error, reply, options);
    return reply.send({ error: answer.body });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'not-found', message: 'there is no such address' } }),
  );
  const routes = listRoutes(server);
  server.register(openApiRoute, { routes });
  server.register(healthRoute, options);
  server.register(metricsRoute, options);
  server.register(rowsRoute, options);
  server.register(queryRoute, options);
  server.register(huntRoute, options);
  server.register(approvalRoutes, options);
  server.register(devicesRoute, options);
  server.register(scheduledHuntRoutes, options);
  server.register(kustoRoutes, options);
  server.register(logAnalyticsRoutes, options);
  server.register(graphRoutes, options);
  server.register(enrollRoute, options);
  server.register(tokenRoutes, options);
  return server;
}

/** For a new server, and for setSecureContext() of one that runs. */
export function tlsOptions({ key, cert }: Identity) {
  return { key, cert, minVersion: MIN_TLS_VERSION } as const;
}
