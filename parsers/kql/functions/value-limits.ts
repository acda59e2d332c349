import { EvaluationError } from '../evaluation-error.ts';

/**
 * UTF-16 units in one string, and JSON characters in one dynamic value. Kusto's own limit is 1 MB a value.
 * Source: Kusto documentation, "The string data type" and "The dynamic data type".
 */
export const MAX_VALUE_LENGTH = 1_048_576;

/** Brackets open at once in a dynamic value. Deeper JSON stays the string that it was. */
export const MAX_DYNAMIC_DEPTH = 100;

/** Throws EvaluationError where a result of `length` would be too long; called before it is made. */
export function checkLength(length: number, name: string): void {
  if (length <= MAX_VALUE_LENGTH) return;
  throw new EvaluationError(
    `${name}() would make a value of more than ${MAX_VALUE_LENGTH} characters: shorten its arguments`,
  );
}

/** Throws EvaluationError for a dynamic value that is too large or too deep. Stops counting where it is. */
export function checkDynamic(value: unknown, name: string): void {
  let size = 0;
  const visit = (part: unknown, depth: number): void => {
    if (depth > MAX_DYNAMIC_DEPTH)
      throw new EvaluationError(`${name}() would nest more than ${MAX_DYNAMIC_DEPTH} deep`);
    size += typeof part === 'string' ? part.length + 3 : 5;
    checkLength(size, name);
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) {
      for (const element of part) visit(element, depth + 1);
      return;
    }
    for (const [key, element] of Object.entries(part)) {
      size += key.length + 3;
      visit(element, depth + 1);
    }
  };
  visit(value, 0);
}

/** Characters of a text times characters looked for, in one search: at worst each is compared with each, half a second. */
const MAX_SEARCH_WORK = 500_000_000;

/** Throws EvaluationError where looking for a long text in a long text could take too long. */
export function checkSearch(textLength: number, needleLength: number): void {
  if (textLength * needleLength <= MAX_SEARCH_WORK) return;
  throw new EvaluationError(
    `looking for ${needleLength} characters in ${textLength} would take too long: shorten what is looked for`,
  );
}
