import { CommandError } from '../exit-status.ts';
import { closestName } from './closest-name.ts';
import { checkConfig } from './config-checks.ts';
import { parseConfigFile } from './config-file.ts';
import {
  type Config,
  type ConfigKey,
  configKeyNames,
  environmentName,
  flagName,
  keySpec,
} from './config-keys.ts';
import { isListKind, readValue, ValueError } from './config-kinds.ts';
import { type ConfigProblem, type Given, problemText } from './config-source.ts';

/** Where values come from, the one that wins first: flags, environment, file, defaults. */
export interface ConfigSources {
  readonly flags: Readonly<Partial<Record<ConfigKey, readonly string[]>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: string;
  readonly text: string;
  /** Decides the defaults, and what stands between the values of a list in an environment variable. */
  readonly platform: NodeJS.Platform;
}

export interface EffectiveConfig {
  readonly config: Config;
  /** Every key that has a value, in the order of the reference. */
  readonly given: ReadonlyMap<ConfigKey, Given>;
  /** What is odd and does not keep the agent from running, a sentence each. */
  readonly warnings: readonly string[];
}

/** Not usable, for the reasons in `problems`; the message lists them, one a line. */
export class ConfigError extends CommandError {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(`${file} cannot be used:\n${problems.map(problemText).join('\n')}`);
    this.problems = problems;
  }
}

/** Puts the sources together and reads every value. Throws ConfigError with all that is wrong, not only the first. */
export function effectiveConfig(sources: ConfigSources): EffectiveConfig {
  const inFile = parseConfigFile(sources.text, sources.file);
  const problems = [...inFile.problems];
  if (problems.some(({ key }) => key === undefined)) throw new ConfigError(sources.file, problems); // no YAML
  const given = new Map<ConfigKey, Given>();
  const values: Partial<Record<ConfigKey, unknown>> = {};
  for (const key of configKeyNames) {
    const chosen =
      fromFlag(key, sources) ??
      fromEnvironment(key, sources) ??
      inFile.given.get(key) ??
      fromDefault(key, sources);
    if (chosen !== undefined) {
      given.set(key, chosen);
      values[key] = readGiven(key, chosen, problems);
    } else if (keySpec(key).required && !problems.some((problem) => problem.key === key)) {
      problems.push({ key, message: `is missing: ${keySpec(key).doc.toLowerCase()}` });
    }
  }
  if (problems.length > 0) throw new ConfigError(sources.file, problems);
  const config = values as Config; // every required key has a value of its kind, or there was a problem
  problems.push(...checkConfig(config, given));
  if (problems.length > 0) throw new ConfigError(sources.file, problems);
  return { config, given, warnings: strangeVariables(sources.environment) };
}

/** "--state" as a person finds it again: the flag, the variable, the place in the file. */
export function originText(key: ConfigKey, { from, place }: Given): string {
  if (from === 'flag') return flagName(key);
  if (from === 'environment') return environmentName(key);
  return place === undefined ? 'default' : `line ${place.line}`;
}

function fromFlag(key: ConfigKey, { flags }: ConfigSources): Given | undefined {
  const texts = flags[key];
  return texts && { from: 'flag', texts };
}

/** Lists are parted as PATH is. An empty variable is none, as a shell script may leave it. */
function fromEnvironment(
  key: ConfigKey,
  { environment, platform }: ConfigSources,
): Given | undefined {
  const text = environment[environmentName(key)];
  if (text === undefined || text === '') return undefined;
  const separator = platform === 'win32' ? ';' : ':';
  const texts = isListKind(keySpec(key).kind)
    ? text.split(separator).filter((part) => part !== '')
    : [text];
  return { from: 'environment', texts };
}

function fromDefault(key: ConfigKey, { platform }: ConfigSources): Given | undefined {
  const spec = keySpec(key);
  const text = platform === 'win32' ? (spec.windowsDefault ?? spec.default) : spec.default;
  return text === undefined ? undefined : { from: 'default', texts: [text] };
}

function readGiven(key: ConfigKey, given: Given, problems: ConfigProblem[]): unknown {
  const { kind } = keySpec(key);
  try {
    const values = given.texts.map((text) => readValue(kind, text));
    return isListKind(kind) ? values : values[0];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const where = given.from === 'file' ? key : originText(key, given);
    problems.push({ place: given.place, key: where, message: error.message });
    return undefined;
  }
}

/** A variable that nobody reads is most likely a slip; it may be another program's, so it is only said. */
function strangeVariables(environment: ConfigSources['environment']): string[] {
  const known = configKeyNames.map(environmentName);
  return Object.keys(environment)
    .filter((name) => name.startsWith('CERTSWEEP_') && !known.includes(name))
    .map((name) => {
      const closest = closestName(
        name.toLowerCase(),
        known.map((one) => one.toLowerCase()),
      );
      const guess = closest === undefined ? '' : `; did you mean ${closest.toUpperCase()}?`;
      return `environment variable ${name} is not used${guess}`;
    });
}
