import type { CellValue, ScalarType } from '../plan.ts';

/** What one argument has to be. A `number` is a long or a real; a dynamic value given for a `string` becomes one. */
export type ArgumentType = ScalarType | 'number' | 'any' | ConstantKind;

/** Arguments that must be constants, and are checked when the query is compiled. */
export type ConstantKind = 'regex' | 'part' | 'period' | 'datetime-format' | 'timespan-format';

/** `?` may be left out, `*` stands any number of times. */
export type Parameter = ArgumentType | `${ArgumentType}?` | `${ArgumentType}*`;

/** What a call knows besides the values of its arguments. */
export interface CallContext {
  readonly name: string;
  readonly types: readonly ScalarType[];
  readonly resultType: ScalarType;
}

/** One scalar function of KQL over values: no row, no clock. */
export interface ScalarFunctionDefinition {
  readonly params: readonly Parameter[];
  /** Arguments may be null. Without this a null argument makes the result null ('' for strings) and `run` is not called. */
  readonly takesNull?: true;
  readonly run: (args: readonly CellValue[], context: CallContext) => CellValue;
}

/** A table of functions by name, with its names kept as types. */
export function functions<Name extends string>(
  table: Readonly<Record<Name, ScalarFunctionDefinition>>,
): Readonly<Record<Name, ScalarFunctionDefinition>> {
  return table;
}

/** An argument that the compiler has checked to be a string. */
export function text(value: CellValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** An argument that the compiler has checked to be a long, datetime or timespan; `otherwise` where it was left out. */
export function whole(value: CellValue | undefined, otherwise = 0n): bigint {
  return typeof value === 'bigint' ? value : otherwise;
}

/** A long or real as a double. */
export function real(value: CellValue | undefined): number {
  return Number(value ?? 0);
}

/** `long` as a number for lengths and positions, where more than 2^53 is as good as 2^53. */
export function position(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > limit ? limit : value < -limit ? -limit : value);
}
