import type { RowProblem } from '../../parsers/record/row-problem.ts';
import { BatchError, type BatchErrorCode } from '../ingest/batch-error.ts';
import { StoreError, type StoreErrorCode } from '../store/store-error.ts';

/** The `error` of an answer that is not 2xx. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  /** 1-based place in the query text or the body. */
  readonly line?: number;
  readonly column?: number | string | null;
  readonly problems?: readonly RowProblem[];
}

/** An answer that is an error, made where nothing more specific was thrown. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** Any error as a status and a body. An error that nobody expected keeps its details for the log. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof BatchError) return fromBatchError(error);
  if (error instanceof StoreError)
    return new HttpError(STORE_STATUS[error.code], { code: error.code, message: error.message });
  if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET')
    return new HttpError(400, { code: 'aborted', message: 'the sender went away' });
  if (isFastifyError(error) && error.statusCode < 500)
    return new HttpError(error.statusCode, { code: error.code, message: error.message });
  return new HttpError(500, {
    code: 'internal',
    message: 'the collector failed; its log says why',
  });
}

const BATCH_STATUS: Readonly<Record<BatchErrorCode, number>> = {
  'empty-body': 400,
  'bad-rows': 400,
  'bad-encoding': 400,
  'batch-mismatch': 400,
  'too-many-rows': 413,
  'line-too-long': 413,
  'body-too-large': 413,
};

const STORE_STATUS: Readonly<Record<StoreErrorCode, number>> = {
  busy: 503,
  'in-use': 503,
  cancelled: 503,
  full: 507,
  failed: 500,
  'newer-schema': 500,
  'older-schema': 500,
  'no-database': 500,
  damaged: 500,
  'too-many-rows': 422,
  'too-many-bytes': 422,
  'too-complex': 422,
  'timed-out': 504,
};

function fromBatchError({ code, message, problems }: BatchError): HttpError {
  const [first] = problems;
  return new HttpError(BATCH_STATUS[code], {
    code,
    message,
    ...(first && { line: first.line, column: first.column, problems }),
  });
}

function isFastifyError(error: unknown): error is Error & { statusCode: number; code: string } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    'code' in error
  );
}
