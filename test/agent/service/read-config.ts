import {
  ConfigError,
  type ConfigSources,
  type EffectiveConfig,
  effectiveConfig,
} from '../../../agent/service/effective-config.ts';

/** The required keys alone: two lines. */
export const MINIMAL = 'paths: [/srv]\ncollector: {url: "https://c.example"}\n';

/** `text` as the file c.yaml on Linux. */
export function readConfig(text: string, more: Partial<ConfigSources> = {}): EffectiveConfig {
  const sources = { flags: {}, environment: {}, file: 'c.yaml', platform: 'linux', text } as const;
  return effectiveConfig({ ...sources, ...more });
}

/** The lines of the error without its heading. */
export function problemsOf(text: string, more: Partial<ConfigSources> = {}): string[] {
  try {
    readConfig(text, more);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').slice(1);
  }
  return [];
}
