import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { trustedBy } from '../tls/trusted-by.ts';
import { UsageError } from '../usage-error.ts';
import { isLoopbackHost } from './loopback-host.ts';

/** Milliseconds. */
const CONNECT_TIMEOUT = 10_000;

export interface OutgoingSettings {
  readonly url: URL;
  /** PEM of further authorities. */
  readonly ca: string | undefined;
  /** Who has that `ca`, for messages. */
  readonly owner: string;
  /** Milliseconds until the head of an answer has come, and without a byte of its body. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/**
 * How requests leave this host: TLS judged by the certificates of the system, of Node and of `ca` together; through the proxy
 * that HTTPS_PROXY and NO_PROXY name. Loopback is never asked of a proxy.
 */
export function outgoingDispatcher(settings: OutgoingSettings): Dispatcher {
  const { url, ca, owner, headersTimeout, bodyTimeout } = settings;
  const timeouts = { headersTimeout, bodyTimeout };
  const connect = {
    timeout: CONNECT_TIMEOUT,
    ...(url.protocol === 'https:' && trustedBy(ca, owner)),
  };
  if (isLoopbackHost(url.hostname)) return new Agent({ ...timeouts, connect });
  try {
    const tls = { connect, requestTls: connect, proxyTls: connect };
    return new EnvHttpProxyAgent({ ...timeouts, ...tls });
  } catch (error) {
    throw new UsageError(
      `HTTPS_PROXY or HTTP_PROXY in the environment is no address of a proxy: ${(error as Error).message}`,
    );
  }
}
