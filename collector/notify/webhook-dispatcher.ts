import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { UsageError } from '../usage-error.ts';
import { isLoopbackHost, type WebhookSettings } from './settings.ts';
import { trustedBy } from './trusted-by.ts';

const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 20_000;

/**
 * How requests reach a webhook: TLS judged by the certificates of the system, of Node and of `ca` together; through the proxy
 * that HTTPS_PROXY and NO_PROXY name. Loopback is never asked of a proxy.
 */
export function webhookDispatcher({ name, url, ca }: WebhookSettings): Dispatcher {
  const timeouts = { headersTimeout: ANSWER_TIMEOUT, bodyTimeout: ANSWER_TIMEOUT };
  const connect = {
    timeout: CONNECT_TIMEOUT,
    ...(url.protocol === 'https:' && trustedBy(ca, name)),
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
