import { configKeyNames } from './config-keys.ts';
import { type EffectiveConfig, originText } from './effective-config.ts';

/** Each key with the value that counts and where it comes from: what `config check` prints. */
export function configText({ given, warnings }: EffectiveConfig): string {
  const rows = configKeyNames.flatMap((key) => {
    const chosen = given.get(key);
    if (chosen === undefined) return [[key, '-', 'not set'] as const];
    const origin = originText(key, chosen);
    return chosen.texts.map((text, index) => [index === 0 ? key : '', text, origin] as const);
  });
  const keyWidth = Math.max(...rows.map(([key]) => key.length));
  const textWidth = Math.min(60, Math.max(...rows.map(([, text]) => text.length)));
  const lines = rows.map(
    ([key, text, origin]) => `${key.padEnd(keyWidth)}  ${text.padEnd(textWidth)}  ${origin}`,
  );
  return `${[...lines, ...warnings.map((warning) => `warning: ${warning}`)].join('\n')}\n`;
}

/** The same for programs: `{key: {value, from}}`, values as they were written. */
export function configJson({ given, warnings }: EffectiveConfig): string {
  const keys = Object.fromEntries(
    [...given].map(([key, chosen]) => [
      key,
      {
        value: chosen.texts.length === 1 ? chosen.texts[0] : chosen.texts,
        from: originText(key, chosen),
      },
    ]),
  );
  return `${JSON.stringify({ keys, warnings }, null, 2)}\n`;
}
