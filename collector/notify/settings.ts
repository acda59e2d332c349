export const CHANNEL_KINDS = ['webhook', 'syslog', 'file'] as const;
export const SYSLOG_TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

export interface WebhookSettings {
  readonly kind: 'webhook';
  readonly name: string;
  readonly url: URL;
  /** By it receivers know that we sent: at least 32 characters. */
  readonly secret: string;
  /** PEM of further authorities. */
  readonly ca: string | undefined;
}

export interface SyslogSettings {
  readonly kind: 'syslog';
  readonly name: string;
  readonly transport: (typeof SYSLOG_TRANSPORTS)[number];
  readonly host: string;
  readonly port: number;
  /** 0 to 23. Source: RFC 5424 §6.2.1. */
  readonly facility: number;
  readonly ca: string | undefined;
}

export interface FileSettings {
  readonly kind: 'file';
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export type ChannelSettings = WebhookSettings | SyslogSettings | FileSettings;

export interface NotifySettings {
  readonly channels: readonly ChannelSettings[];
  /** Whether look-alikes by name alone are told, too: anybody can name a file. */
  readonly nameOnly: boolean;
}
