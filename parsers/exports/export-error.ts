/** Why an export could not be read, or not to its end. Stable: tests and callers depend on these names. */
export type ExportErrorCode =
  | 'empty'
  | 'unknown-format'
  | 'not-text'
  | 'bad-json'
  | 'truncated'
  | 'too-deep'
  | 'too-long'
  | 'unterminated-quote'
  | 'missing-column'
  | 'duplicate-column'
  | 'missing-time-zone'
  | 'bad-time-zone'
  | 'ambiguous-dates'
  | 'mixed-dates'
  | 'service-error'
  | 'partial-result';

/** The whole export, or the rest of it, cannot be read. Rows that were read before count. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly code: ExportErrorCode;
  /** Where it stopped, in words: `line 7`, `byte 1024`, `row 12`. */
  readonly place: string;

  /** The message names export and place: `export.json, byte 1024: ...` */
  constructor(code: ExportErrorCode, name: string, place: string, message: string) {
    super(`${name}, ${place}: ${message}`);
    this.code = code;
    this.place = place;
  }
}
