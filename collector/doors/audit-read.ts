import { createHash } from 'node:crypto';
import type { AnsweredQuery } from '../query/answer-query.ts';
import type { Doorkeeper } from './doorkeeper.ts';

/** Characters of a query that the audit log keeps; its SHA-256 says which text it was. */
export const MAX_AUDITED_QUERY = 2_000;

/** Who asked what, for the audit log. */
export function auditRead(
  doorkeeper: Doorkeeper,
  { caller, query, rows, milliseconds, outcome }: AnsweredQuery,
): void {
  doorkeeper.audit(caller, 'read', outcome === 'ok' ? `read ${rows} rows` : 'asked a query', {
    query: query.slice(0, MAX_AUDITED_QUERY),
    querySha256: createHash('sha256').update(query).digest('hex'),
    ...{ rows, milliseconds: Math.round(milliseconds), outcome },
  });
}
