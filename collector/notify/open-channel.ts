import type { Channel } from './channel.ts';
import { FileChannel } from './file-channel.ts';
import type { ChannelSettings } from './settings.ts';
import { SyslogChannel } from './syslog-channel.ts';
import { WebhookChannel } from './webhook-channel.ts';

/** `clock`: milliseconds since 1970. Throws UsageError where a certificate in the settings cannot be used. */
export function openChannel(settings: ChannelSettings, clock: () => number): Channel {
  switch (settings.kind) {
    case 'webhook':
      return new WebhookChannel(settings, clock);
    case 'syslog':
      return new SyslogChannel(settings);
    case 'file':
      return new FileChannel(settings);
  }
}
