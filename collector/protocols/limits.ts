import type { HttpError } from '../http/http-error.ts';
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from '../store/store.ts';

/** What a client may ask for at most. Rows and bytes are Kusto's defaults; its own time-out is four minutes. */
export const MAX_QUERY_LIMITS: QueryLimits = { ...DEFAULT_QUERY_LIMITS, milliseconds: 240_000 };

/** Limits a client asked for, each no higher than ours: past them is an error all the same, never a shorter answer. */
export function cappedLimits(asked: Partial<QueryLimits>): QueryLimits {
  const capped = (name: keyof QueryLimits) =>
    Math.min(asked[name] ?? DEFAULT_QUERY_LIMITS[name], MAX_QUERY_LIMITS[name]);
  return { rows: capped('rows'), bytes: capped('bytes'), milliseconds: capped('milliseconds') };
}

/** Bytes of a request's body. The compiler has its own, smaller limit for the query text. */
export const MAX_QUERY_BODY = 1024 * 1024;

/** The answer had more rows or bytes than its limit: what Kusto calls E_QUERY_RESULT_SET_TOO_LARGE. */
export function isResultTooLarge({ body }: HttpError): boolean {
  return body.code === 'too-many-rows' || body.code === 'too-many-bytes';
}
