import { ParseError } from './parse-error.ts';

/** What `parse` gives; undefined where it throws a ParseError. For what may be missing without anything else being lost. */
export function attemptParse<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}
