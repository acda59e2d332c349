/**
 * A value of a query grew past what one value may be, or a regular expression would take too long on a text. The message
 * is a sentence for the person who asked. Never thrown for values that merely have no result: those give null.
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
