import { parseDatetime } from '../record/datetime.ts';
import type { CellValue, ScalarType } from './plan.ts';

/**
 * The elements that `mv-expand` makes rows of: those of an array, the properties of a bag (each a bag of its own, or a
 * pair with `kind=array`), any other value itself, null included. Of an empty array or bag there are none.
 * Source: Kusto documentation, "The mv-expand operator".
 */
export function elementsOfDynamic(value: unknown, bagsAsPairs: boolean): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [value ?? null];
  return Object.entries(value).map(([name, part]) =>
    bagsAsPairs ? [name, part] : { [name]: part },
  );
}

/**
 * An element as `to typeof(...)` gives it: it is cast and not converted, so that one of another type is null. A dynamic
 * value of ours holds a datetime as its text, which is read.
 * Source: Kusto documentation, "The mv-expand operator", Typename.
 */
export function castElement(element: unknown, type: ScalarType): CellValue {
  switch (type) {
    case 'string':
      return typeof element === 'string' ? element : '';
    case 'bool':
      return typeof element === 'boolean' ? element : null;
    case 'long':
      if (typeof element === 'bigint') return element;
      return Number.isSafeInteger(element) ? BigInt(element as number) : null;
    case 'real':
      return typeof element === 'number' || typeof element === 'bigint' ? Number(element) : null;
    case 'datetime':
      return typeof element === 'string' ? (parseDatetime(element) ?? null) : null;
    default:
      return (element ?? null) as CellValue;
  }
}
