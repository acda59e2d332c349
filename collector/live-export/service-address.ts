import { isLoopbackHost } from '../http/loopback-host.ts';
import { UsageError } from '../usage-error.ts';

/**
 * `path` below the address that `option` gives. Throws UsageError unless that is https, or http to this host: a token goes
 * there, and whoever has it reads the hunting data of the tenant.
 */
export function serviceAddress(option: string, text: string, path: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new UsageError(`${option} ${text}: an address is wanted, as https://graph.microsoft.us`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(`${option}: no user or password goes into the address`);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    throw new UsageError(`${option}: the token would cross the network in clear: use https`);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}
