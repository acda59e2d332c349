import type { ScalarType } from './plan.ts';
import type { AggregateFunction } from './relation.ts';

/** What an argument of an aggregate is. `accuracy` and `cap` are constants and may be left out. */
export type AggregateParameter = 'value' | 'condition' | 'accuracy' | 'cap';

export interface AggregateDefinition {
  /** What the plan calls it: `sumif` is a `sum` with a condition. */
  readonly aggregate: Exclude<AggregateFunction, 'arg_max' | 'arg_min' | 'take_any'>;
  readonly params: readonly AggregateParameter[];
  /** The types that the value may have. */
  readonly types: readonly ScalarType[];
}

const SCALARS: readonly ScalarType[] = ['string', 'bool', 'datetime', 'timespan', 'long', 'real'];
const NUMBERS: readonly ScalarType[] = ['long', 'real', 'timespan'];
/** Of timespans and arrays Kusto makes sets and lists of its own kind: refused until a test shows which. */
const MEMBERS: readonly ScalarType[] = ['string', 'bool', 'datetime', 'long', 'real'];

/**
 * The aggregates of one value a row by their names in KQL; arg_max(), arg_min() and take_any() are in row-aggregates.ts.
 *
 * percentile() and its kin are approximate in Kusto, so that no answer of ours could be theirs: they are refused.
 * Source: Kusto documentation, "Aggregation functions".
 */
export const aggregates: Readonly<Record<string, AggregateDefinition>> = {
  count: { aggregate: 'count', params: [], types: [] },
  countif: { aggregate: 'count', params: ['condition'], types: [] },
  min: { aggregate: 'min', params: ['value'], types: SCALARS },
  minif: { aggregate: 'min', params: ['value', 'condition'], types: SCALARS },
  max: { aggregate: 'max', params: ['value'], types: SCALARS },
  maxif: { aggregate: 'max', params: ['value', 'condition'], types: SCALARS },
  // The accuracy says how far Kusto may be off: ours is exact whatever it says.
  dcount: { aggregate: 'dcount', params: ['value', 'accuracy'], types: SCALARS },
  dcountif: { aggregate: 'dcount', params: ['value', 'condition', 'accuracy'], types: SCALARS },
  count_distinct: { aggregate: 'dcount', params: ['value'], types: SCALARS },
  count_distinctif: { aggregate: 'dcount', params: ['value', 'condition'], types: SCALARS },
  sum: { aggregate: 'sum', params: ['value'], types: NUMBERS },
  sumif: { aggregate: 'sum', params: ['value', 'condition'], types: NUMBERS },
  avg: { aggregate: 'avg', params: ['value'], types: NUMBERS },
  avgif: { aggregate: 'avg', params: ['value', 'condition'], types: NUMBERS },
  make_set: { aggregate: 'make_set', params: ['value', 'cap'], types: MEMBERS },
  make_set_if: { aggregate: 'make_set', params: ['value', 'condition', 'cap'], types: MEMBERS },
  make_list: { aggregate: 'make_list', params: ['value', 'cap'], types: MEMBERS },
  make_list_if: { aggregate: 'make_list', params: ['value', 'condition', 'cap'], types: MEMBERS },
};
