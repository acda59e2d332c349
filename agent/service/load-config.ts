import { readFileSync, statSync } from 'node:fs';
import { CommandError } from '../exit-status.ts';
import type { ConfigKey } from './config-keys.ts';
import { type EffectiveConfig, effectiveConfig } from './effective-config.ts';

/** Bytes. */
const MAX_SIZE = 1_000_000;

/** The flags of the command line that are keys of the configuration, as texts. */
export type ConfigFlags = Readonly<Partial<Record<ConfigKey, readonly string[]>>>;

/** The configuration in `file`, under the environment and `flags`. Throws CommandError. */
export function loadConfig(file: string, flags: ConfigFlags): EffectiveConfig {
  return effectiveConfig({
    flags,
    environment: process.env,
    file,
    text: readText(file),
    platform: process.platform,
  });
}

function readText(file: string): string {
  try {
    const stats = statSync(file);
    if (!stats.isFile()) throw new CommandError(`${file} is not a file`);
    if (stats.size > MAX_SIZE) throw new CommandError(`${file}: larger than ${MAX_SIZE} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code;
    throw new CommandError(`cannot read ${file}: ${reason}`);
  }
}
