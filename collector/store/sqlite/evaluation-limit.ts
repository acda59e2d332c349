import { EvaluationError } from '../../../parsers/kql/evaluation-error.ts';
import { StoreError } from '../store-error.ts';

/** Runs `work` of the evaluator; a value that grew too large is the query's limit, not a fault of ours. */
export function withEvaluationLimit<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof EvaluationError)
      throw new StoreError('too-many-bytes', error.message, { cause: error });
    throw error;
  }
}
