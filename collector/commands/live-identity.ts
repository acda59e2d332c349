import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { CollectorLog } from '../log/collector-log.ts';
import { tlsOptions } from '../server.ts';
import type { Identity } from '../tls/identity.ts';
import { UsageError } from '../usage-error.ts';
import type { IdentitySource } from './tls-options.ts';

const DAY_MS = 86_400_000;

/** The identity that a running server shows, and how another takes its place. */
export class LiveIdentity {
  readonly #source: IdentitySource;
  readonly #log: Pick<CollectorLog, 'info' | 'warn'>;
  #current: Identity;

  constructor(source: IdentitySource, log: Pick<CollectorLog, 'info' | 'warn'>) {
    this.#source = source;
    this.#log = log;
    this.#current = source();
  }

  get current(): Identity {
    return this.#current;
  }

  /**
   * Reads the files again on SIGHUP, and once a day, so that a server that runs for a year does not show a certificate that
   * has expired. Connections that are open keep theirs.
   */
  follow(server: FastifyInstance): void {
    const renew = () => this.#renew(server);
    if (process.platform !== 'win32') process.on('SIGHUP', renew); // there it says that the console closes
    setInterval(renew, DAY_MS).unref();
  }

  /** A certificate that cannot be used is no reason to stop serving with the one at hand. */
  #renew(server: FastifyInstance): void {
    try {
      const fresh = this.#source();
      if (fresh.cert === this.#current.cert && fresh.key === this.#current.key) return;
      if (server.server instanceof TlsServer) server.server.setSecureContext(tlsOptions(fresh));
      this.#current = fresh;
      this.#log.info(
        'notice',
        `the certificate is now one that is valid until ${validUntil(fresh)}`,
      );
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const until = validUntil(this.#current);
      const kept = `the certificate stays the one that is valid until ${until}: ${error.message}`;
      this.#log.warn('notice', kept);
    }
  }
}

function validUntil({ certificate }: Identity): string {
  return certificate.validToDate.toISOString();
}
