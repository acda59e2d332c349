import { printableLines } from '../../parsers/record/printable.ts';
import { configJson, configText } from '../service/config-text.ts';
import { ConfigError } from '../service/effective-config.ts';
import { type ConfigFlags, loadConfig } from '../service/load-config.ts';

/** What `config check` prints, and whether `run` would take the file. Throws CommandError where it cannot be read. */
export function checkConfigFile(
  file: string,
  flags: ConfigFlags,
  format: 'table' | 'json',
): { text: string; usable: boolean } {
  try {
    const effective = loadConfig(file, flags);
    const text = format === 'json' ? configJson(effective) : printableLines(configText(effective));
    return { text, usable: true };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text: `certsweep: ${printableLines(error.message)}\n`, usable: false };
  }
}
