import type { HttpError } from '../../http/http-error.ts';
import { isResultTooLarge } from '../limits.ts';
import type { Exchange } from './exchange.ts';

interface KustoCode {
  readonly code: string;
  readonly type: string;
  readonly permanent: boolean;
}

const BAD_REQUEST: KustoCode = {
  code: 'General_BadRequest',
  type: 'KustoBadRequestException',
  permanent: true,
};

const LIMITS_EXCEEDED: KustoCode = {
  code: 'LimitsExceeded',
  type: 'KustoServicePartialQueryFailureLimitsExceededException',
  permanent: false,
};

const SERVICE_ERROR: KustoCode = {
  code: 'ServiceError',
  type: 'KustoServiceException',
  permanent: false,
};

/** Source: Kusto documentation, "Query/management HTTP response", Response status. */
const BY_STATUS: Readonly<Record<number, KustoCode>> = {
  401: { code: 'Unauthorized', type: 'KustoRequestDeniedException', permanent: true },
  403: { code: 'Forbidden', type: 'KustoRequestDeniedException', permanent: true },
  404: { code: 'NotFound', type: 'KustoBadRequestException', permanent: true },
  413: { code: 'PayloadTooLarge', type: 'KustoBadRequestException', permanent: true },
  429: { code: 'TooManyRequests', type: 'KustoRequestThrottledException', permanent: false },
  504: { code: 'Timeout', type: 'KustoServiceTimeoutException', permanent: false },
};

/**
 * An error in the form that Kusto's clients read. `innererror` has our code and, for a refused query, line and column from 1.
 * Source: Kusto documentation, "Query V2 HTTP response"; Microsoft REST API Guidelines, §7.10.2.
 */
export function oneApiError(error: HttpError, exchange: Exchange, now: Date): object {
  const { code, type, permanent } = codeOf(error);
  const { body } = error;
  const limit = isResultTooLarge(error) ? ' (E_QUERY_RESULT_SET_TOO_LARGE)' : '';
  return {
    error: {
      code,
      message: 'Request is invalid and cannot be executed.',
      '@type': `Kusto.Data.Exceptions.${type}`,
      '@message': `${body.message}${limit}`,
      '@context': {
        timestamp: now.toISOString(),
        serviceAlias: 'certsweep',
        clientRequestId: exchange.clientRequestId,
        activityId: exchange.activityId,
      },
      '@permanent': permanent,
      innererror: {
        code: body.code,
        message: body.message,
        ...(body.line !== undefined && { line: body.line, column: body.column }),
      },
    },
  };
}

function codeOf(error: HttpError): KustoCode {
  if (isResultTooLarge(error)) return LIMITS_EXCEEDED;
  const known = BY_STATUS[error.status];
  if (known) return known;
  return error.status < 500 ? BAD_REQUEST : SERVICE_ERROR;
}
