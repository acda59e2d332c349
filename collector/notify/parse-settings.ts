import path from 'node:path';
import { isAlias, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { isLoopbackHost } from '../http/loopback-host.ts';
import { UsageError } from '../usage-error.ts';
import {
  CHANNEL_KINDS,
  type ChannelSettings,
  type FileSettings,
  type NotifySettings,
  SYSLOG_TRANSPORTS,
  type SyslogSettings,
  type WebhookSettings,
} from './settings.ts';
import { SettingsMap } from './settings-map.ts';

/** Characters of a settings file. */
const MOST_CHARACTERS = 100_000;
const MOST_CHANNELS = 10;
/** As long as the digest by which it signs: shorter ones can be guessed from one body. Source: RFC 2104 §3. */
const LEAST_SECRET = 32;
/** local0. Source: RFC 5424 §6.2.1. */
const DEFAULT_FACILITY = 16;

const KEYS: Readonly<Record<ChannelSettings['kind'], readonly string[]>> = {
  webhook: ['name', 'kind', 'url', 'secret', 'ca'],
  syslog: ['name', 'kind', 'transport', 'host', 'port', 'facility', 'ca'],
  file: ['name', 'kind', 'path'],
};
const ALL_KEYS = [...new Set(Object.values(KEYS).flat())];

export interface SettingsSource {
  /** Named in errors. */
  readonly file: string;
  /** The text of a PEM file that the settings name. */
  readonly readPem: (file: string) => string;
}

/** The channels of a settings file. Throws UsageError with file and line; no message quotes a value that may be a secret. */
export function parseNotifySettings(text: string, source: SettingsSource): NotifySettings {
  const { file } = source;
  const lines = new LineCounter();
  if (text.length > MOST_CHARACTERS)
    throw new UsageError(`${file}: longer than ${MOST_CHARACTERS} characters`);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  // The messages of the parser name its rules, not what stands there.
  if (problem)
    throw new UsageError(`${file}:${lines.linePos(problem.pos[0]).line}: ${problem.message}`);
  const place = { file, lines };
  const top = new SettingsMap(document.contents, ['channels', 'nameOnly'], place);
  visit(document, {
    Alias: (_key, node) => {
      if (isAlias(node)) throw top.error(node, 'aliases are not supported');
    },
  });
  const list = top.node('channels');
  if (!isSeq(list) || list.items.length === 0 || list.items.length > MOST_CHANNELS)
    throw top.error(list, `channels must be a list of 1 to ${MOST_CHANNELS} channels`);
  const names = new Set<string>();
  const channels = list.items.map((item) => {
    const kind = new SettingsMap(item, ALL_KEYS, place).oneOf('kind', CHANNEL_KINDS);
    const map = new SettingsMap(item, KEYS[kind], place);
    const name = map.text('name');
    if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name))
      throw map.error('name', 'name must be of a-z 0-9 . _ -, at most 64 of them');
    if (names.has(name)) throw map.error('name', `there are two channels ${name}`);
    names.add(name);
    if (kind === 'webhook') return readWebhook(name, map, source);
    return kind === 'syslog' ? readSyslog(name, map, source) : readFile(name, map);
  });
  return { channels, nameOnly: top.flag('nameOnly') };
}

function readWebhook(name: string, map: SettingsMap, source: SettingsSource): WebhookSettings {
  const text = map.text('url');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isGood =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!url || !isGood || url.username !== '' || url.password !== '')
    throw map.error(
      'url',
      'url must be an address as https://host/path without user and password; http is for loopback alone',
    );
  const secret = map.text('secret');
  if (secret.length < LEAST_SECRET)
    throw map.error('secret', `secret must have ${LEAST_SECRET} characters: openssl rand -hex 32`);
  return { kind: 'webhook', name, url, secret, ca: readCa(map, source) };
}

function readSyslog(name: string, map: SettingsMap, source: SettingsSource): SyslogSettings {
  const transport = map.oneOf('transport', SYSLOG_TRANSPORTS);
  if (map.has('ca') && transport !== 'tls')
    throw map.error('ca', 'ca is for the transport tls alone');
  return {
    ...{ kind: 'syslog', name, transport, host: map.text('host') },
    port: map.integer('port', 1, 65_535),
    facility: map.has('facility') ? map.integer('facility', 0, 23) : DEFAULT_FACILITY,
    ca: readCa(map, source),
  };
}

function readFile(name: string, map: SettingsMap): FileSettings {
  const file = map.text('path');
  if (!path.isAbsolute(file)) throw map.error('path', 'path must be absolute');
  return { kind: 'file', name, path: file };
}

function readCa(map: SettingsMap, { readPem }: SettingsSource): string | undefined {
  return map.has('ca') ? readPem(map.text('ca')) : undefined;
}
