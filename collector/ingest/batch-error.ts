import type { RowProblem } from '../../parsers/record/row-problem.ts';

export type BatchErrorCode =
  | 'empty-body'
  | 'bad-rows'
  | 'too-many-rows'
  | 'line-too-long'
  | 'body-too-large'
  | 'bad-encoding'
  | 'batch-mismatch';

/** A body that was refused as a whole: nothing of it is stored. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
  readonly code: BatchErrorCode;
  /** What is wrong with which rows, bounded; empty unless the code is `bad-rows`. */
  readonly problems: readonly RowProblem[];

  constructor(code: BatchErrorCode, message: string, problems: readonly RowProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
