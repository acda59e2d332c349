import { foldCase } from '../fold-case.ts';
import { termMatcher } from '../has.ts';
import type { CellValue } from '../plan.ts';
import { toDynamic, toText } from './convert-functions.ts';
import { type CallContext, functions, position, text, whole } from './scalar-function.ts';
import { checkLength } from './value-limits.ts';

/** Arrays and property bags. Source: Kusto documentation, the page of each function, and "The dynamic data type". */
export const dynamicFunctions = functions({
  /** `d.name` and `d['name']`, not a function of KQL. */
  property: { params: ['dynamic', 'string'], run: ([bag, key]) => property(bag, text(key)) },
  /** `d[0]`, not a function of KQL; a negative index counts from the end. */
  element: {
    params: ['dynamic', 'long'],
    run: ([array, index]) =>
      isArray(array) ? ((array.at(position(whole(index))) ?? null) as CellValue) : null,
  },
  /** `x in (array)`, not a function of KQL: the third argument says whether case counts. */
  in_array: { params: ['any', 'dynamic', 'bool'], takesNull: true, run: inArray },
  /** `x has_any (array)`, not a function of KQL. */
  has_any_array: {
    params: ['string', 'dynamic'],
    takesNull: true,
    run: ([value, terms]) => membersOf(terms).some((term) => hasTermOf(value, term)),
  },
  /** `x has_all (array)`, not a function of KQL. */
  has_all_array: {
    params: ['string', 'dynamic'],
    takesNull: true,
    run: ([value, terms]) => membersOf(terms).every((term) => hasTermOf(value, term)),
  },
  array_length: {
    params: ['dynamic'],
    run: ([array]) => (isArray(array) ? BigInt(array.length) : null),
  },
  array_index_of: { params: ['dynamic', 'any'], run: indexOf },
  array_concat: { params: ['dynamic', 'dynamic*'], run: concat },
  array_slice: { params: ['dynamic', 'long', 'long'], run: slice },
  array_reverse: {
    params: ['dynamic'],
    run: ([array]) => (isArray(array) ? array.toReversed() : (array ?? null)),
  },
  set_has_element: {
    params: ['dynamic', 'any'],
    run: ([set, value], { types }) =>
      isArray(set) ? set.some((member) => same(member, toDynamic(value, types[1]))) : null,
  },
  strcat_array: { params: ['dynamic', 'string'], run: joinArray },
  bag_keys: { params: ['dynamic'], run: ([bag]) => (isBag(bag) ? Object.keys(bag) : null) },
  bag_pack: { params: ['any*'], takesNull: true, run: pack },
  pack_array: {
    params: ['any*'],
    takesNull: true,
    run: (args, { types }) => args.map((arg, index) => toDynamic(arg, types[index])),
  },
});

function isArray(value: CellValue | undefined): value is readonly unknown[] {
  return Array.isArray(value);
}

function isBag(value: CellValue | undefined): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function property(bag: CellValue | undefined, key: string): CellValue {
  return isBag(bag) && Object.hasOwn(bag, key) ? ((bag[key] ?? null) as CellValue) : null;
}

/** Simple values of one kind that are equal. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one === 'object' || typeof other === 'object') return false;
  if (typeof one === 'bigint' || typeof other === 'bigint')
    return isNumber(one) && isNumber(other) && one.toString() === other.toString();
  return one === other;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Elements of an array; a value that is none stands for itself, null for nothing. */
function membersOf(value: CellValue | undefined): readonly unknown[] {
  if (isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}

function inArray(
  [value, array, caseSensitive]: readonly CellValue[],
  { types }: CallContext,
): boolean {
  const wanted = toDynamic(value, types[0]);
  if (wanted === null) return false;
  if (typeof wanted !== 'string' || caseSensitive === true)
    return membersOf(array).some((member) => same(member, wanted));
  const folded = foldCase(wanted);
  return membersOf(array).some(
    (member) => typeof member === 'string' && foldCase(member) === folded,
  );
}

function hasTermOf(value: CellValue | undefined, term: unknown): boolean {
  return termMatcher(toText(term as CellValue, 'dynamic'), false)(text(value));
}

/** -1 where it is not in the array. */
function indexOf([array, value]: readonly CellValue[], { types }: CallContext): bigint | null {
  if (!isArray(array)) return null;
  const wanted = toDynamic(value, types[1]);
  return BigInt(array.findIndex((member) => same(member, wanted)));
}

function concat(arrays: readonly CellValue[]): CellValue {
  return arrays.every(isArray) ? arrays.flat(1) : null;
}

/** Both ends belong to the slice; negative ones count from the end. Source: the documentation, "array_slice()". */
function slice([array, from, to]: readonly CellValue[]): CellValue {
  if (!isArray(array)) return null;
  const place = (index: number) => (index < 0 ? array.length + index : index);
  const first = Math.max(place(position(whole(from))), 0);
  return array.slice(first, Math.max(place(position(whole(to))) + 1, first));
}

function joinArray([array, delimiter]: readonly CellValue[], { name }: CallContext): CellValue {
  if (!isArray(array)) return '';
  const texts = array.map((member) => toText(member as CellValue, 'dynamic'));
  checkLength(
    texts.reduce((sum, each) => sum + each.length + text(delimiter).length, 0),
    name,
  );
  return texts.join(text(delimiter));
}

/** Keys and values by turns. The first of two equal keys stays where it is, with the last value. */
function pack(args: readonly CellValue[], { types }: CallContext): CellValue {
  const entries: [string, unknown][] = [];
  for (let index = 0; index + 1 < args.length; index += 2)
    entries.push([toText(args[index], types[index]), toDynamic(args[index + 1], types[index + 1])]);
  return Object.fromEntries(entries);
}
