/** Why the input could not be parsed. Stable: tests, logs and records depend on these names. */
export type ParseErrorCode =
  | 'truncated'
  | 'bad-magic'
  | 'bad-length'
  | 'bad-value'
  | 'unsupported'
  | 'too-deep'
  | 'too-many';

/** The input is malformed. Never thrown for a bug in our own code, nor for a failed verification. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly code: ParseErrorCode;
  /** Bytes from the start of the input at which parsing stopped. */
  readonly offset: number;

  constructor(code: ParseErrorCode, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
