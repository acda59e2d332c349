import type { LiteralValue, ResultColumn, Scalar, ScalarType, Span } from './plan.ts';

export interface NamedScalar {
  readonly name: string;
  readonly value: Scalar;
}

export type AggregateFunction =
  | 'count'
  | 'min'
  | 'max'
  | 'dcount'
  | 'sum'
  | 'avg'
  | 'make_set'
  | 'make_list'
  | 'take_any'
  | 'arg_max'
  | 'arg_min';

/** One column that `summarize` computes. */
export interface NamedAggregate {
  readonly name: string;
  readonly aggregate: AggregateFunction;
  /** undefined for count(). Of arg_max and arg_min what this column shows of the row that was found. */
  readonly arg?: Scalar;
  /** arg_max and arg_min: what finds the row. */
  readonly key?: Scalar;
  /** countif(), sumif(), ...: only rows for which this is true count. */
  readonly condition?: Scalar;
  /** The cap of make_set and make_list; Kusto's default is 1,048,576. */
  readonly maxSize?: number;
  readonly type: ScalarType;
  readonly span: Span;
}

export interface SortKey {
  readonly value: Scalar;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/**
 * What a join makes of rows without a match. `innerunique` first drops all but one of the left rows with one key.
 * Source: Kusto documentation, "The join operator".
 */
export type JoinFlavor =
  | 'innerunique'
  | 'inner'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftanti'
  | 'rightanti'
  | 'leftsemi'
  | 'rightsemi';

/** Columns of both sides that must be equal; a null equals nothing. */
export interface JoinKey {
  readonly left: string;
  readonly right: string;
}

/** A column of `mv-expand`, and the type that `to typeof` casts its elements to. */
export interface ExpandedColumn extends NamedScalar {
  readonly type: ScalarType;
}

interface Step {
  /** The result schema, in order. */
  readonly columns: readonly ResultColumn[];
  readonly span: Span;
}

interface StepOver extends Step {
  readonly input: Relation;
}

/** A tabular step. */
export type Relation =
  | (Step & { readonly kind: 'table'; readonly table: string })
  /** Rows that stand in the query, of `datatable` and `print`. */
  | (Step & { readonly kind: 'datatable'; readonly rows: readonly (readonly LiteralValue[])[] })
  /** Every input has the columns of the union, in the same order. */
  | (Step & { readonly kind: 'union'; readonly inputs: readonly Relation[] })
  /** `columns` are those of the left input, then those of `right`, under names of their own; semi and anti keep one side. */
  | (StepOver & {
      readonly kind: 'join';
      readonly flavor: JoinFlavor;
      readonly right: Relation;
      readonly on: readonly JoinKey[];
    })
  /** A row for each element of the expanded values, side by side. `limit` is of the rows that one row becomes. */
  | (StepOver & {
      readonly kind: 'mv-expand';
      readonly expanded: readonly ExpandedColumn[];
      /** The column that counts the elements from 0. */
      readonly index?: string;
      readonly bagsAsPairs: boolean;
      readonly limit?: number;
    })
  /** The input, worked out once however often the query names it. */
  | (StepOver & { readonly kind: 'materialize' })
  | (StepOver & { readonly kind: 'where'; readonly predicate: Scalar })
  /** `extend` keeps the input's columns and adds or replaces; `project` and `distinct` keep only these. */
  | (StepOver & {
      readonly kind: 'extend' | 'project' | 'distinct';
      readonly values: readonly NamedScalar[];
    })
  | (StepOver & {
      readonly kind: 'summarize';
      readonly by: readonly NamedScalar[];
      readonly aggregates: readonly NamedAggregate[];
    })
  | (StepOver & { readonly kind: 'sort'; readonly keys: readonly SortKey[] })
  | (StepOver & {
      readonly kind: 'top';
      readonly count: number;
      readonly keys: readonly SortKey[];
    })
  | (StepOver & { readonly kind: 'take'; readonly count: number })
  | (StepOver & { readonly kind: 'count' });

/** What a step reads: none of a table, two of a join. The first is the one that its text begins with. */
export function inputsOf(relation: Relation): readonly Relation[] {
  switch (relation.kind) {
    case 'table':
    case 'datatable':
      return [];
    case 'union':
      return relation.inputs;
    case 'join':
      return [relation.input, relation.right];
    default:
      return [relation.input];
  }
}
