import { printable } from '../../parsers/record/printable.ts';

/**
 * - `read`: a query was asked
 * - `hunted`: a run of the scheduled hunts was asked for
 * - `enrolled`: a device got its token for an enrolment key
 * - `made`, `rotated`, `revoked`: of a token
 * - `listed`: an operator read the tokens or this log
 * - `approved`, `withdrawn`: an approval got a new version, or ended
 * - `refused`: somebody without the right was turned away
 */
export type AuditEventName =
  | 'read'
  | 'hunted'
  | 'enrolled'
  | 'made'
  | 'rotated'
  | 'revoked'
  | 'listed'
  | 'approved'
  | 'withdrawn'
  | 'refused';

/** Something that a person may have to answer for. No secret is ever in it. */
export interface AuditEvent {
  /** ISO 8601, the collector's clock. */
  readonly time: string;
  readonly event: AuditEventName;
  /** Who came from where: an IP address, `no-address` where a proxy passed on none, or `user NAME` of this host. */
  readonly address: string;
  /** By which token, and whose it is; absent where none was needed or none was good. */
  readonly tokenId?: string;
  readonly tokenName?: string;
  /** A sentence for a person. */
  readonly what: string;
  /** Of `read`: the query's beginning, the SHA-256 of all of it, and what became of it. */
  readonly query?: string;
  readonly querySha256?: string;
  readonly rows?: number;
  readonly milliseconds?: number;
  readonly outcome?: string;
}

/** One line for who reads the collector's log, safe for a terminal. */
export function auditLine({ time, address, what }: AuditEvent): string {
  return printable(`${time} ${address} ${what}`);
}
