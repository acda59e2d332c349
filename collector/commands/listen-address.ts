import { UsageError } from '../usage-error.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Only processes of this host can connect. */
  readonly loopback: boolean;
}

/** `HOST:PORT` of `--listen`; an IPv6 address stands in brackets. */
export function parseListenAddress(text: string): ListenAddress {
  const [, address, name = '', digits = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    throw new UsageError(`--listen takes HOST:PORT, as 127.0.0.1:8400, not ${text}`);
  if (name === 'localhost') return { host: '127.0.0.1', port, loopback: true };
  if (address !== undefined) return { host: address, port, loopback: address === '::1' };
  return { host: name, port, loopback: /^127(\.\d{1,3}){3}$/.test(name) };
}
