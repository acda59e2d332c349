import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { LiveService } from './live-service.ts';
import { serviceAddress } from './service-address.ts';

/**
 * Advanced hunting of Microsoft Graph. `url` is its address in another cloud, such as https://graph.microsoft.us; throws
 * UsageError where that is none. There is no paging: 100,000 rows or some 50 MB are the most of one answer.
 * Source: Microsoft Graph, "security: runHuntingQuery"; Defender XDR, "Advanced hunting API", quotas.
 */
export function graphService(url = 'https://graph.microsoft.com'): LiveService {
  return {
    name: 'Microsoft Graph',
    format: 'graph',
    url: serviceAddress('--graph-url', url, '/v1.0/security/runHuntingQuery'),
    mostRows: 100_000,
    days: 30,
    permission: 'ThreatHunting.Read.All of Microsoft Graph',
    headers: {},
    body: (Query, { from, to }) => ({
      Query,
      Timespan: `${formatDatetime(from)}/${formatDatetime(to)}`,
    }),
  };
}
