import { type Kind, type KindValue, wantedFor } from './config-kinds.ts';

interface KeySpec {
  readonly kind: Kind;
  /** As it would be written in the file. */
  readonly default?: string;
  readonly windowsDefault?: string;
  readonly required?: true;
  readonly doc: string;
}

/**
 * Every key of the configuration of `run`, in the order of the reference. The only place where one is written: validator,
 * flags, environment variables and docs/agent-config.md derive from it. A dot is one level of YAML.
 */
export const configKeys = {
  paths: { kind: 'paths', required: true, doc: 'Files and directories to sweep' },
  include: { kind: 'globs', doc: 'Only files that match one of these' },
  exclude: { kind: 'globs', doc: 'Neither files nor directories that match one of these' },
  one_file_system: {
    kind: 'switch',
    default: 'false',
    doc: 'Do not enter file systems mounted below the paths',
  },
  follow_links: { kind: 'switch', default: 'false', doc: 'Follow symbolic links' },
  network: { kind: 'switch', default: 'false', doc: 'Enter network file systems' },
  max_file_size: { kind: 'size', doc: 'List larger images unread; without it all are read' },
  roots: { kind: 'paths', doc: 'Trusted roots: PEM files or folders of them' },
  store: { kind: 'path', doc: 'Folder of the roots that `roots import` has placed' },
  crl: { kind: 'paths', doc: 'Revocation lists: files or folders' },
  distrust: { kind: 'path', doc: 'Thumbprints of certificates not to trust, one a line' },
  catalogs: { kind: 'paths', doc: 'Folders of security catalogs' },
  strict: {
    kind: 'switch',
    default: 'false',
    doc: 'Bytes stuffed into a signature make it untrusted',
  },
  'collector.url': { kind: 'address', required: true, doc: 'Where the records go' },
  'collector.token_file': {
    kind: 'path',
    doc: "File that holds this device's token; by default `token` in the state folder",
  },
  'collector.ca': {
    kind: 'path',
    doc: "PEM file of the authority that signed the collector's certificate",
  },
  'collector.enrolment_key_file': {
    kind: 'path',
    doc: 'File that holds an enrolment key, with which the agent fetches its token where it has none',
  },
  state: {
    kind: 'path',
    default: '/var/lib/certsweep',
    windowsDefault: 'C:\\ProgramData\\certsweep\\state',
    doc: 'Folder for what is known of the last sweeps and for records not yet sent, for this user alone',
  },
  spool_cap: {
    kind: 'size',
    default: '512MB',
    doc: 'What unsent records may take on disk; beyond it the oldest that no rule matched are dropped and counted',
  },
  'schedule.every': {
    kind: 'duration',
    default: '24h',
    doc: 'From the start of one sweep to the next',
  },
  'schedule.jitter': {
    kind: 'duration',
    default: '30m',
    doc: 'Each device starts later by a part of this, always the same one',
  },
  'schedule.at': {
    kind: 'time',
    doc: 'Local time of day for the sweep; `every` is then whole days',
  },
  resend_days: {
    kind: 'number',
    default: '4',
    doc: 'Days after which a record that did not change is sent again; `every` may not be longer',
  },
  report_unsigned: {
    kind: 'switch',
    default: 'false',
    doc: 'Send records of files without a signature, too',
  },
  cpu_limit: { kind: 'percent', doc: 'Share of a core that each thread may take' },
  io_limit: { kind: 'number', default: '20', doc: 'Megabytes a second that may be read' },
  threads: { kind: 'number', default: '1', doc: 'Worker threads' },
  live: {
    kind: 'switch',
    default: 'false',
    doc: 'Record running processes and autostart entries of flagged files',
  },
  'device.id': { kind: 'deviceId', doc: 'By default from the machine id' },
  'device.name': { kind: 'text', doc: 'By default the full host name' },
  'device.group': { kind: 'text', doc: 'A tag of yours for the MachineGroup column' },
  'log.level': { kind: 'level', default: 'info', doc: 'The least grave events to log' },
} as const satisfies Record<string, KeySpec>;

export type ConfigKey = keyof typeof configKeys;

export const configKeyNames = Object.keys(configKeys) as readonly ConfigKey[];

export function keySpec(key: ConfigKey): KeySpec {
  return configKeys[key];
}

type Specs = typeof configKeys;

/** A configuration as the agent uses it. Derived, never written. */
export type Config = {
  readonly [K in ConfigKey]: Specs[K] extends { default: string } | { required: true }
    ? KindValue[Specs[K]['kind']]
    : KindValue[Specs[K]['kind']] | undefined;
};

export function environmentName(key: ConfigKey): string {
  return `CERTSWEEP_${key.replaceAll('.', '_').toUpperCase()}`;
}

export function flagName(key: ConfigKey): string {
  return `--${key.replaceAll(/[._]/g, '-')}`;
}

/** The reference of docs/agent-config.md: a Markdown table, one key a line. */
export function configReference(): string {
  const rows = configKeyNames.map((key) => {
    const spec = keySpec(key);
    const onWindows = spec.windowsDefault === undefined ? '' : `; Windows: ${spec.windowsDefault}`;
    const fallback = (spec.default ?? (spec.required ? '(required)' : '')) + onWindows;
    const many = spec.kind === 'paths' || spec.kind === 'globs' ? 'list, each ' : '';
    return `| \`${key}\` | ${many}${wantedFor(spec.kind)} | ${fallback} | ${spec.doc} |`;
  });
  return [
    '| key | value | default | what it says |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
