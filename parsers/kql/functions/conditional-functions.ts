import { orderOf } from '../null-semantics.ts';
import type { CellValue } from '../plan.ts';
import { toText } from './convert-functions.ts';
import { functions } from './scalar-function.ts';

/** Choosing and asking for null. The compiler has given all branches one type. Source: Kusto documentation, each page. */
export const conditionalFunctions = functions({
  /** A null condition is no true one. */
  iff: {
    params: ['bool', 'any', 'any'],
    takesNull: true,
    run: ([condition, yes = null, no = null]) => (condition === true ? yes : no),
  },
  case: { params: ['bool', 'any', 'any', 'any*'], takesNull: true, run: chosenCase },
  /** Of strings, which have no null, the first that is not empty. */
  coalesce: {
    params: ['any', 'any', 'any*'],
    takesNull: true,
    run: (args, { resultType }) =>
      args.find((arg) => arg !== null && (resultType !== 'string' || arg !== '')) ?? null,
  },
  min_of: { params: ['any', 'any', 'any*'], takesNull: true, run: (args) => best(args, -1) },
  max_of: { params: ['any', 'any', 'any*'], takesNull: true, run: (args) => best(args, 1) },
  /** A string is never null. */
  isnull: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => types[0] !== 'string' && value === null,
  },
  isnotnull: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => types[0] === 'string' || value !== null,
  },
  isempty: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => toText(value, types[0]) === '',
  },
  isnotempty: {
    params: ['any'],
    takesNull: true,
    run: ([value], { types }) => toText(value, types[0]) !== '',
  },
});

/** Pairs of condition and value, then the value where none holds. */
function chosenCase(args: readonly CellValue[]): CellValue {
  for (let index = 0; index + 1 < args.length; index += 2) {
    if (args[index] === true) return args[index + 1] ?? null;
  }
  return args.at(-1) ?? null;
}

/** Nulls are passed over; of nulls only, null. Source: Kusto documentation, "max_of()". */
function best(args: readonly CellValue[], sign: 1 | -1): CellValue {
  const [first, ...rest] = args.filter((arg) => arg !== null);
  if (first === undefined) return null;
  return rest.reduce((kept, arg) => (orderOf(arg, kept) * sign > 0 ? arg : kept), first);
}

/** The arguments of `case` and `iff` that are values, not conditions. */
export function isBranch(name: string, index: number, count: number): boolean {
  if (name === 'iff') return index > 0;
  return name !== 'case' || index % 2 === 1 || index === count - 1;
}
