import type { TokenKind } from './token.ts';

/** A token without its secret. Times are milliseconds since 1970. */
export interface TokenRow {
  readonly id: string;
  readonly kind: TokenKind;
  /** Of the device, the reader or the operator. */
  readonly name: string;
  /** Whose rows a device token sends. */
  readonly deviceId: string | null;
  /** The id of the enrolment key that the device used. */
  readonly enrolledBy: string | null;
  /** Of an enrolment key. */
  readonly usesLeft: number | null;
  /** Of an enrolment key: it may enrol a device again, which ends the token that the device has. */
  readonly mayReplace: boolean;
  readonly createdTime: number;
  readonly expiresTime: number | null;
  readonly firstUsedTime: number | null;
  readonly revokedTime: number | null;
  /** The id of the token that was made in its place. This one ends at expiresTime, until when both are good. */
  readonly replacedBy: string | null;
}

/** `replaced` tokens are still good, until expiresTime. */
export const TOKEN_STATES = ['active', 'replaced', 'revoked', 'expired', 'used up'] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

export function tokenState(token: TokenRow, now: number): TokenState {
  if (token.revokedTime !== null) return 'revoked';
  if (token.expiresTime !== null && token.expiresTime <= now) return 'expired';
  if (token.replacedBy !== null) return 'replaced';
  return token.usesLeft === 0 ? 'used up' : 'active';
}

/** A row of the database: its columns are named as the fields. */
export function toTokenRow(row: Readonly<Record<string, unknown>>): TokenRow {
  const { hash: _hash, mayReplace, ...rest } = row;
  return { ...rest, mayReplace: mayReplace === 1 } as TokenRow;
}
