import Type from 'typebox';
import { parseLiteral } from '../../../parsers/kql/literals.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { HttpError } from '../../http/http-error.ts';
import type { QueryLimits } from '../../store/store.ts';
import { cappedLimits, MAX_QUERY_LIMITS } from '../limits.ts';

const Bag = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]);

/** The body of all three addresses. `db` is not looked at: there is one database. */
export const KustoBody = Type.Object({
  db: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  csl: Type.String(),
  properties: Type.Optional(
    Type.Union([
      Type.Object({ Options: Type.Optional(Bag), Parameters: Type.Optional(Bag) }),
      Type.Null(),
    ]),
  ),
});

export interface KustoRequest {
  readonly csl: string;
  readonly properties?: {
    readonly Options?: Readonly<Record<string, unknown>> | null;
    readonly Parameters?: Readonly<Record<string, unknown>> | null;
  } | null;
}

export interface RequestProperties {
  /** 100 ns ticks; undefined for the collector's clock. */
  readonly now: bigint | undefined;
  readonly limits: QueryLimits;
}

/**
 * What a request's properties ask for. Those that would change the rows and are not supported are refused by name; the
 * others are hints to a cluster and are not looked at. Throws HttpError 400.
 * Source: Kusto documentation, "Request properties".
 */
export function readProperties({ properties }: KustoRequest): RequestProperties {
  const options = properties?.Options ?? {};
  if (Object.keys(properties?.Parameters ?? {}).length > 0)
    throw refused('query parameters are not supported: write their values into the query');
  for (const name of REFUSED_OPTIONS) {
    if (isSet(options[name])) throw refused(`the request property ${name} is not supported`);
  }
  const { query_language: language, query_now: now } = options;
  if (isSet(language) && language !== 'kql' && language !== 'csl')
    throw refused('the request property query_language must be kql or csl');
  return { now: readNow(now), limits: readLimits(options) };
}

/** Without them, or with their defaults, the answer would be another one. */
const REFUSED_OPTIONS = [
  ...['best_effort', 'query_bin_auto_at', 'query_bin_auto_size', 'query_results_apply_getschema'],
  ...['query_cursor_after_default', 'query_cursor_before_or_at_default', 'query_cursor_current'],
  ...['query_cursor_scoped_tables', 'query_datetimescope_from', 'query_datetimescope_to'],
  ...['query_take_max_records', 'validatepermissions'],
] as const;

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '';
}

function readNow(value: unknown): bigint | undefined {
  if (!isSet(value)) return undefined;
  const now = typeof value === 'string' ? parseDatetime(value) : undefined;
  if (now !== undefined) return now;
  throw refused('the request property query_now must be an ISO 8601 date and time');
}

function readLimits(options: Readonly<Record<string, unknown>>): QueryLimits {
  const count = (...names: string[]) => {
    const name = names.find((candidate) => isSet(options[candidate]));
    return name === undefined ? undefined : readCount(name, options[name]);
  };
  const rows = count('truncationmaxrecords', 'truncation_max_records');
  const bytes = count('truncationmaxsize', 'truncation_max_size');
  const { norequesttimeout, servertimeout } = options;
  const milliseconds = isSet(norequesttimeout)
    ? MAX_QUERY_LIMITS.milliseconds
    : readTimeout(servertimeout);
  return cappedLimits({
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
    ...(milliseconds !== undefined && { milliseconds }),
  });
}

function readCount(name: string, value: unknown): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) return count;
  throw refused(`the request property ${name} must be a whole number above 0`);
}

const TICKS_PER_MS = 10_000n;

/** A timespan as `00:04:00`, in milliseconds. */
function readTimeout(value: unknown): number | undefined {
  if (!isSet(value)) return undefined;
  const literal = typeof value === 'string' ? parseLiteral('timespan', value) : undefined;
  const ticks = literal?.type === 'timespan' && literal.value !== null ? BigInt(literal.value) : 0n;
  if (ticks >= TICKS_PER_MS) return Number(ticks / TICKS_PER_MS);
  throw refused('the request property servertimeout must be a timespan, such as 00:04:00');
}

function refused(message: string): HttpError {
  return new HttpError(400, { code: 'bad-request-property', message });
}
