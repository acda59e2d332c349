import { createSecureContext, getCACertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { CommandError } from '../exit-status.ts';
import { type CollectorAddress, isLoopback } from './collector-address.ts';

const CONNECT_TIMEOUT = 15_000;
/** From the last byte sent to the first of the answer: a collector that is busy writes before it answers. */
const ANSWER_TIMEOUT = 60_000;
/** Between two pieces of the answer. */
const PAUSE_TIMEOUT = 10_000;

/**
 * How requests reach the collector: over connections of their own; with TLS judged by the certificates of the system, of
 * Node and of `--ca` together; through the proxy that HTTPS_PROXY and NO_PROXY name. Loopback is never asked of a proxy.
 */
export function dispatcherFor({ url, ca }: CollectorAddress): Dispatcher {
  const timeouts = { headersTimeout: ANSWER_TIMEOUT, bodyTimeout: PAUSE_TIMEOUT };
  const connect = { timeout: CONNECT_TIMEOUT };
  const tls = url.protocol === 'https:' ? { ...connect, ...trusted(ca) } : connect;
  if (isLoopback(url)) return new Agent({ ...timeouts, connect: tls });
  try {
    return new EnvHttpProxyAgent({ ...timeouts, connect: tls, requestTls: tls, proxyTls: tls });
  } catch (error) {
    throw new CommandError(
      `HTTPS_PROXY or HTTP_PROXY in the environment is no address of a proxy: ${(error as Error).message}`,
    );
  }
}

/**
 * One context for all connections: with some 300 certificates it takes 40 ms to make. That a certificate is judged is said
 * here, since NODE_TLS_REJECT_UNAUTHORIZED=0, left in some shell, would give the token to whoever answers.
 */
function trusted(ca: string | undefined) {
  const certificates = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  if (ca !== undefined) certificates.add(ca);
  try {
    const secureContext = createSecureContext({ ca: [...certificates] });
    return { secureContext, rejectUnauthorized: true };
  } catch (error) {
    throw new CommandError(`--ca: a certificate in it cannot be used: ${(error as Error).message}`);
  }
}
