import { ParseError } from '../bytes/parse-error.ts';

/**
 * Limits that Microsoft's root programme puts on one root and a PEM file cannot hold. Dates are ISO 8601; usages are
 * named `code_signing`, `time_stamping`, `server_auth`, ...
 */
export interface RootRestriction {
  /** The only usages the root is trusted for; absent: all. */
  readonly usages?: readonly string[];
  /** A leaf whose own notBefore is on or after this date is not trusted, */
  readonly notBefore?: string;
  /** for these usages; absent: for all. */
  readonly notBeforeUsages?: readonly string[];
  /** A signature whose verification time is on or after this date is not trusted, */
  readonly disallowedFrom?: string;
  /** for these usages; absent: for all. Without `disallowedFrom`: at no time. */
  readonly disallowedUsages?: readonly string[];
}

/**
 * Reads root-restrictions.json, the companion of a PEM bundle: `{"roots": {<SHA-1 thumbprint>: {...}}}`. Throws ParseError
 * `bad-value` for anything it does not understand: a limit that is overlooked would trust too much.
 */
export function parseRootRestrictions(text: string): Map<string, RootRestriction> {
  const { roots } = asObject(parseJson(text), 'root restrictions');
  const restrictions = new Map<string, RootRestriction>();
  for (const [thumbprint, value] of Object.entries(asObject(roots, 'roots'))) {
    if (!/^[0-9a-f]{40}$/i.test(thumbprint)) throw bad(`${thumbprint} is no SHA-1 thumbprint`);
    restrictions.set(thumbprint.toLowerCase(), parseRestriction(value, thumbprint));
  }
  return restrictions;
}

const known = new Set([
  'name',
  'usages',
  'not_before',
  'not_before_usages',
  'disallowed_from',
  'disallowed_usages',
]);

function parseRestriction(value: unknown, thumbprint: string): RootRestriction {
  const fields = asObject(value, thumbprint);
  for (const field of Object.keys(fields))
    if (!known.has(field)) throw bad(`${thumbprint}: unknown field ${JSON.stringify(field)}`);

  const usages = optional(fields.usages, asStrings);
  const notBefore = optional(fields.not_before, asDate);
  const notBeforeUsages = optional(fields.not_before_usages, asStrings);
  const disallowedFrom = optional(fields.disallowed_from, asDate);
  const disallowedUsages = optional(fields.disallowed_usages, asStrings);
  return {
    ...(usages && { usages }),
    ...(notBefore && { notBefore }),
    ...(notBeforeUsages && { notBeforeUsages }),
    ...(disallowedFrom && { disallowedFrom }),
    ...(disallowedUsages && { disallowedUsages }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw bad(error.message);
    throw error;
  }
}

function optional<Value>(value: unknown, parse: (value: unknown) => Value): Value | undefined {
  return value === undefined ? undefined : parse(value);
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw bad(`${what}: an object is wanted`);
}

function asStrings(value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw bad(`${JSON.stringify(value)} is no array of usages`);
}

function asDate(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && Date.parse(value))
    return value;
  throw bad(`${JSON.stringify(value)} is no ISO 8601 date`);
}

function bad(message: string): ParseError {
  return new ParseError('bad-value', 0, `root restrictions: ${message}`);
}
