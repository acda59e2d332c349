import path from 'node:path';
import type { Config, ConfigKey } from './config-keys.ts';
import { refuseWritableByOthers, type TrustedPlace } from './trusted-path.ts';

/** What decides the agent's verdicts, where it sends them, or what it holds back. */
const trustedKeys = [
  ...['state', 'store', 'distrust', 'roots', 'crl', 'catalogs'],
  ...['collector.ca', 'collector.enrolment_key_file', 'collector.token_file'],
] as const satisfies readonly ConfigKey[];

/** The token of this device: named, or in the state folder. */
export function tokenFile(config: Config): string {
  return config['collector.token_file'] ?? path.join(config.state, 'token');
}

/**
 * Throws CommandError where others could write the configuration, what it names, or the program that runs. On Windows nothing
 * is looked at yet: there `install` sets the rights.
 */
export function refuseUntrusted(
  configFile: string,
  config: Config,
  program: readonly string[],
): void {
  const named = trustedKeys.flatMap((key): TrustedPlace[] => {
    const value = config[key];
    const paths = typeof value === 'string' ? [value] : (value ?? []);
    return paths.map((file) => ({ name: key, path: file }));
  });
  refuseWritableByOthers([
    { name: '--config', path: configFile },
    ...named,
    ...program.map((file) => ({ name: 'the program', path: file })),
  ]);
}
