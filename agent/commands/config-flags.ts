import { type Command, Option } from 'commander';
import { type ConfigKey, configKeyNames, flagName, keySpec } from '../service/config-keys.ts';
import { isListKind, wantedFor } from '../service/config-kinds.ts';
import type { ConfigFlags } from '../service/load-config.ts';

/** Gives `command` one flag for each key of the configuration; they win over environment and file. */
export function addConfigFlags(command: Command): Command {
  for (const key of configKeyNames) {
    const { kind, doc } = keySpec(key);
    const many = isListKind(kind) ? ' (repeatable)' : '';
    command.addOption(
      new Option(`${flagName(key)} <value>`, `${doc}: ${wantedFor(kind)}${many}`)
        .argParser((text: string, before: readonly string[] = []) =>
          isListKind(kind) ? [...before, text] : [text],
        )
        .hideHelp(),
    );
  }
  return command.addHelpText(
    'after',
    `\nEvery key of the configuration is also a flag (--schedule-every 12h) and an environment variable
(CERTSWEEP_SCHEDULE_EVERY=12h): flags win over variables, those over the file. Keys: certsweep config keys\n`,
  );
}

/** What those flags were given, by key. `options` are commander's. */
export function configFlags(options: Readonly<Record<string, unknown>>): ConfigFlags {
  const given: Partial<Record<ConfigKey, readonly string[]>> = {};
  for (const key of configKeyNames) {
    const texts = options[new Option(flagName(key)).attributeName()];
    if (Array.isArray(texts)) given[key] = texts;
  }
  return given;
}
