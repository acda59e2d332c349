/** Why a row was refused. Stable: tests, answers and logs depend on these names. */
export type RowProblemCode =
  | 'not-utf8'
  | 'not-json'
  | 'not-an-object'
  | 'unknown-column'
  | 'wrong-type'
  | 'missing-column'
  | 'too-long'
  | 'too-deep';

/** One thing that is wrong with one row, with its place. */
export interface RowProblem {
  readonly code: RowProblemCode;
  /** 1-based line in the body or file. */
  readonly line: number;
  /** The column's name, shortened where a hostile name is very long; null where the whole row is wrong. */
  readonly column: string | null;
  /** A sentence that says what was expected. */
  readonly message: string;
}
