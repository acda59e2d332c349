import { formatDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { UsageError } from '../usage-error.ts';
import type { LiveService } from './live-service.ts';
import { serviceAddress } from './service-address.ts';

const WORKSPACE_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** 100 ns ticks. */
const DAY = 864_000_000_000n;

/**
 * The workspace of Sentinel with this id, by the query API of Azure Monitor's logs. `url` is its address in another cloud,
 * such as https://api.loganalytics.us; `nowMs` is the clock's. Throws UsageError where id or address is none.
 *
 * `timespan` goes by TimeGenerated, which can be any time after Timestamp: Azure replaces it in rows that come late.
 * Source: Azure Monitor, "Logs query API": request format, "Service limits": 500,000 rows, 100 MB, 10 minutes.
 */
export function logAnalyticsService(
  workspace: string,
  nowMs: number,
  url = 'https://api.loganalytics.azure.com',
): LiveService {
  if (!WORKSPACE_ID.test(workspace))
    throw new UsageError(
      '--from-log-analytics takes the workspace id, as 11111111-2222-3333-4444-555555555555: it is on the overview of the workspace',
    );
  return {
    name: 'Log Analytics',
    format: 'log-analytics',
    url: serviceAddress('--log-analytics-url', url, `/v1/workspaces/${workspace}/query`),
    mostRows: 500_000,
    days: 731,
    permission: 'Data.Read of the Log Analytics API, with the role Log Analytics Reader',
    headers: { prefer: 'wait=600' },
    body: (query, { from }) => ({
      query,
      timespan: `${formatDatetime(from - DAY)}/${formatDatetime(ticksFromUnixMs(nowMs) + DAY)}`,
    }),
  };
}
