import { MAX_DYNAMIC_DEPTH } from './functions/value-limits.ts';

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** JSON.rawJSON and the third argument of a reviver are newer than TypeScript's library. */
interface JsonSource {
  readonly source?: string;
}
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/**
 * A dynamic value from JSON text; undefined where the text is not JSON, or nests deeper than MAX_DYNAMIC_DEPTH.
 *
 * Integers that a double cannot hold become bigint, so that no digit of a long is lost.
 */
export function parseDynamic(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    // Only a text with so many digits can hold such a number; a reviver makes parsing several times slower.
    return /\d{16}/.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A dynamic value as JSON text without white space. The reverse of parseDynamic. */
export function dynamicText(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'bigint' ? rawJson(part.toString()) : part,
  );
}

function keepDigits(_key: string, value: unknown, context?: JsonSource): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  if (!/^-?\d+$/.test(source)) return value;
  const whole = BigInt(source);
  return whole < MIN_LONG || whole > MAX_LONG ? value : whole;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > MAX_DYNAMIC_DEPTH) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}
