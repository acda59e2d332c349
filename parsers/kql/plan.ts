import type { PureFunction } from './functions/function-table.ts';
import type { Relation } from './relation.ts';

/**
 * The plan of a query: plain JSON, versioned, with the span in the query text from which each node came. The front end
 * makes it from Microsoft's syntax tree; SQL compilers and the evaluators read it. `now` is not in it: it is a parameter
 * of every run, so that one query has one now().
 */
export const PLAN_VERSION = 2;

/** Characters (UTF-16 units) from the start of the query text. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

export type ScalarType = 'string' | 'bool' | 'datetime' | 'timespan' | 'long' | 'real' | 'dynamic';

/** A constant. long, datetime and timespan are decimal strings of int64 (datetime, timespan: 100 ns ticks). */
export type LiteralValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean | null }
  | { readonly type: 'long' | 'datetime' | 'timespan'; readonly value: string | null }
  | { readonly type: 'real'; readonly value: number | null }
  /** JSON text: a dynamic value may hold longs that JSON's numbers would round. */
  | { readonly type: 'dynamic'; readonly value: string | null };

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** `equals` is `=~`; `==` on strings is a compare. */
export type StringMatchOperator =
  | 'has'
  | 'hasprefix'
  | 'hassuffix'
  | 'contains'
  | 'startswith'
  | 'endswith'
  | 'equals';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** now() and ago() know the time of the query; all others depend on their arguments alone. */
export type ScalarFunction = 'now' | 'ago' | PureFunction;

export type Scalar =
  | {
      readonly kind: 'literal';
      readonly literal: LiteralValue;
      readonly type: ScalarType;
      readonly span: Span;
    }
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly type: ScalarType;
      readonly span: Span;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly left: Scalar;
      readonly right: Scalar;
      readonly type: 'bool';
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: Scalar; readonly type: 'bool'; readonly span: Span }
  | {
      readonly kind: 'compare';
      readonly operator: CompareOperator;
      readonly left: Scalar;
      readonly right: Scalar;
      readonly type: 'bool';
      readonly span: Span;
    }
  | {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly value: Scalar;
      readonly low: Scalar;
      readonly high: Scalar;
      readonly type: 'bool';
      readonly span: Span;
    }
  | {
      readonly kind: 'string-match';
      readonly operator: StringMatchOperator;
      readonly negated: boolean;
      readonly caseSensitive: boolean;
      readonly value: Scalar;
      /** One needle, or several for has_any: any of them matches. */
      readonly needles: readonly Scalar[];
      /** has_all: every needle has to match. */
      readonly all?: true;
      readonly type: 'bool';
      readonly span: Span;
    }
  | {
      /** `in`, `!in`, `in~`, `!in~` over a list of scalars. */
      readonly kind: 'in';
      readonly negated: boolean;
      readonly caseSensitive: boolean;
      readonly value: Scalar;
      readonly list: readonly Scalar[];
      readonly type: 'bool';
      readonly span: Span;
    }
  | {
      /** On long, real, datetime and timespan; the result type says which arithmetic it is. */
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Scalar;
      readonly right: Scalar;
      readonly type: ScalarType;
      readonly span: Span;
    }
  | {
      readonly kind: 'negate';
      readonly operand: Scalar;
      readonly type: ScalarType;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly name: ScalarFunction;
      readonly args: readonly Scalar[];
      readonly type: ScalarType;
      readonly span: Span;
    };

export interface ResultColumn {
  readonly name: string;
  readonly type: ScalarType;
}

export interface Plan {
  readonly version: typeof PLAN_VERSION;
  readonly root: Relation;
  /** How the query would like to be drawn: `render`. It changes no row. */
  readonly render?: RenderHint;
}

/** `render timechart with (title='Files', xcolumn=Timestamp)` */
export interface RenderHint {
  readonly visualization: string;
  /** As written, lists of columns with commas. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * A value in a query's answer, in one form for every store and evaluator:
 * datetime and timespan are bigint ticks, long is bigint, real a number, dynamic a JSON value; null is null.
 * Strings are never null: Kusto has no null string.
 */
export type CellValue =
  | string
  | boolean
  | bigint
  | number
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown };

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly CellValue[])[];
}
