/**
 * A query that cannot be run, with its place in the text. `code` is Microsoft's (KS142, ...) where its analysis
 * found the error, else ours: unsupported-operator, unsupported-function, unsupported-expression, foreign-table,
 * too-large, too-deep.
 */
export class KqlError extends Error {
  override readonly name = 'KqlError';
  readonly code: string;
  /** The message without code and place. */
  readonly reason: string;
  /** Characters from the start of the query. */
  readonly start: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;

  constructor(code: string, query: string, start: number, message: string) {
    const before = query.slice(0, start).split(/\r\n|\r|\n/);
    const line = before.length;
    const column = (before.at(-1) ?? '').length + 1;
    super(`${code} at line ${line}, column ${column}: ${message}`);
    this.code = code;
    this.reason = message;
    this.start = start;
    this.line = line;
    this.column = column;
  }
}
