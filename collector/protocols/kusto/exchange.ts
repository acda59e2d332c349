import { randomUUID } from 'node:crypto';

/** One request and its answer, as both sides name them in their logs. */
export interface Exchange {
  /** The client's own id, else one of ours. */
  readonly clientRequestId: string;
  readonly activityId: string;
}

/** Characters of a client's id that are kept: it is echoed in a header and in every answer. */
const MAX_CLIENT_REQUEST_ID = 200;

/** Source: Kusto documentation, "Query/management HTTP response", Response headers. */
export function newExchange(headers: Readonly<Record<string, unknown>>): Exchange {
  const activityId = randomUUID();
  const sent = headers['x-ms-client-request-id'];
  const clientRequestId =
    typeof sent === 'string' && sent !== ''
      ? sent.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_CLIENT_REQUEST_ID)
      : `unspecified;${activityId}`;
  return { clientRequestId, activityId };
}

export function exchangeHeaders({ clientRequestId, activityId }: Exchange): Record<string, string> {
  return { 'x-ms-client-request-id': clientRequestId, 'x-ms-activity-id': activityId };
}
