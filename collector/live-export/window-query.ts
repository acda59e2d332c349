import { canonicalColumns } from '../../parsers/record/columns.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';

/** The 18 columns of every row of a window, both its ends included. */
export function windowQuery({ from, to }: TimeWindow): string {
  const range = `datetime(${formatDatetime(from)}) .. datetime(${formatDatetime(to)})`;
  return `DeviceFileCertificateInfo
| where Timestamp between (${range})
| project ${Object.keys(canonicalColumns).join(', ')}`;
}
