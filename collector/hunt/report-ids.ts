import type { QueryResult } from '../../parsers/kql/plan.ts';
import { UsageError } from '../usage-error.ts';
import { textOf } from './ask.ts';

/** How rules call their set of ReportId, or the one of a row. */
const REPORT_COLUMN = /^(?:set_|list_)?Report(?:Id)?s?$/i;

/** Every ReportId that an answer names for a device. */
export function reportIdsOf({ columns, rows }: QueryResult, deviceId: string): ReadonlySet<bigint> {
  const device = columns.findIndex(({ name }) => name === 'DeviceId');
  const report = columns.findIndex(
    ({ name, type }) => REPORT_COLUMN.test(name) && (type === 'dynamic' || type === 'long'),
  );
  if (report < 0)
    throw new UsageError(
      '--evidence needs a rule whose answer has the ReportId of its rows, as in `summarize Report=make_set(ReportId) by DeviceId`',
    );
  const ids = rows
    .filter((row) => textOf(row[device]) === deviceId)
    .flatMap((row): unknown => row[report]);
  return new Set(ids.filter(isReportId).map(BigInt));
}

/** In a set a ReportId is a JSON number, of its own a bigint. */
function isReportId(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}
