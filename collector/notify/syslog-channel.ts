import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { trustedBy } from '../tls/trusted-by.ts';
import { type Channel, reasonOf, type SendResult } from './channel.ts';
import type { Notice } from './notice.ts';
import type { SyslogSettings } from './settings.ts';
import { syslogMessage } from './syslog-message.ts';

/** Milliseconds from the connection to its end. */
const TIMEOUT = 20_000;
/** UTF-16 units of a value: a datagram must fit, and receivers need not take more than 2,048 bytes. Source: RFC 5424 §6.1. */
const MOST_VALUE = { udp: 160, tcp: 1_024, tls: 1_024 } as const;

/**
 * Sends a message a notice. TCP and TLS: each is preceded by its length (RFC 6587 §3.4.1, RFC 5425 §4.3), on a connection for
 * this attempt; delivered is what the receiver has taken until it closed, too. UDP: delivered is what was sent, since nothing
 * tells more.
 */
export class SyslogChannel implements Channel {
  readonly kind = 'syslog';
  readonly name: string;
  readonly most = 100;
  readonly #settings: SyslogSettings;
  readonly #tls: ReturnType<typeof trustedBy> | undefined;

  constructor(settings: SyslogSettings) {
    this.name = settings.name;
    this.#settings = settings;
    this.#tls =
      settings.transport === 'tls' ? trustedBy(settings.ca, `channel ${settings.name}`) : undefined;
  }

  async send(notices: readonly Notice[], signal: AbortSignal): Promise<SendResult> {
    const { transport, facility } = this.#settings;
    const origin = { facility, host: hostname(), processId: process.pid };
    const messages = notices.map((notice) =>
      Buffer.from(syslogMessage(notice, origin, MOST_VALUE[transport])),
    );
    const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    try {
      await (transport === 'udp'
        ? this.#sendDatagrams(messages, limit)
        : this.#sendFrames(messages, limit));
      return { kind: 'delivered' };
    } catch (error) {
      return { kind: 'retry', reason: limit.aborted ? timedOut(signal) : reasonOf(error) };
    }
  }

  async close(): Promise<void> {}

  async #sendDatagrams(messages: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    const { host, port } = this.#settings;
    const socket = createSocket({ type: isIP(host) === 6 ? 'udp6' : 'udp4', signal });
    let refusal: Error | undefined; // a host that answers "nobody listens here" is told at some later moment
    socket.on('error', (error) => {
      refusal ??= error;
    });
    try {
      socket.connect(port, host);
      await once(socket, 'connect', { signal });
      for (const message of messages)
        await new Promise<void>((resolve, reject) =>
          socket.send(message, (error) => (error ? reject(error) : resolve())),
        );
      if (refusal) throw refusal;
    } finally {
      if (!signal.aborted) socket.close(); // else the signal has closed it
    }
  }

  async #sendFrames(messages: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    const frames = messages.flatMap((message) => [Buffer.from(`${message.length} `), message]);
    const socket = this.#connect();
    const stop = () => socket.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) stop();
      await once(socket, this.#tls ? 'secureConnect' : 'connect');
      const closed = once(socket, 'close'); // rejects with the error before it
      socket.resume();
      socket.end(Buffer.concat(frames));
      await closed;
    } finally {
      signal.removeEventListener('abort', stop);
      socket.destroy();
    }
  }

  #connect(): Socket {
    const { host, port } = this.#settings;
    if (!this.#tls) return connectPlain({ host, port });
    const servername = isIP(host) === 0 ? host : '';
    return connectTls({ host, port, servername, ...this.#tls });
  }
}

function timedOut(stopping: AbortSignal): string {
  return stopping.aborted
    ? 'the collector stopped'
    : `the receiver took longer than ${TIMEOUT / 1000} s`;
}
