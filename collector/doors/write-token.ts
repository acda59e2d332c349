import type { DatabaseSync } from 'node:sqlite';
import { type NewToken, newToken, type TokenKind } from './token.ts';
import { toTokenRow } from './token-row.ts';

/** What a new token is for; see TokenRow. */
export interface TokenPurpose {
  readonly kind: TokenKind;
  readonly name?: string;
  readonly deviceId?: string;
  readonly enrolledBy?: string;
  readonly usesLeft?: number;
  readonly mayReplace?: boolean;
  readonly expiresTime?: number;
}

/** Makes a token and gives its text. A device has one token at a time: the one that it has is revoked. */
export function writeToken(db: DatabaseSync, purpose: TokenPurpose, now: number): string {
  const token = newToken(purpose.kind);
  if (purpose.deviceId !== undefined)
    db.prepare('UPDATE token SET revokedTime = ? WHERE deviceId = ? AND revokedTime IS NULL').run(
      now,
      purpose.deviceId,
    );
  insertToken(db, token, purpose, now);
  return token.text;
}

export function insertToken(
  db: DatabaseSync,
  { id, hash }: NewToken,
  purpose: TokenPurpose,
  now: number,
): void {
  db.prepare(
    `INSERT INTO token (id, kind, hash, name, deviceId, enrolledBy, usesLeft, mayReplace, createdTime, expiresTime)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[id, purpose.kind, hash, purpose.name ?? '', purpose.deviceId ?? null],
    ...[purpose.enrolledBy ?? null, purpose.usesLeft ?? null, Number(purpose.mayReplace ?? false)],
    ...[now, purpose.expiresTime ?? null],
  );
}

export type EnrolResult =
  | { readonly kind: 'enrolled'; readonly token: string }
  | { readonly kind: 'used-up' }
  | { readonly kind: 'known-device' };

export interface Enrolment {
  /** Of a key that is neither revoked nor expired. */
  readonly keyId: string;
  readonly deviceId: string;
  readonly deviceName: string;
}

/**
 * Uses an enrolment key once. Call it inside a transaction, so that two requests cannot share the last use.
 *
 * A device that has a token, or had one that was revoked, is refused unless the key may replace: who finds a key must not
 * silently take a device over. The same key may ask again for the same device while the token that it was given has
 * never been used, and without another use: the answer may have been lost on its way.
 */
export function enrolByKey(db: DatabaseSync, enrolment: Enrolment, now: number): EnrolResult {
  const { keyId, deviceId, deviceName } = enrolment;
  const key = db.prepare('SELECT usesLeft, mayReplace FROM token WHERE id = ?').get(keyId);
  const known = db
    .prepare("SELECT * FROM token WHERE kind = 'device' AND deviceId = ?")
    .all(deviceId)
    .map(toTokenRow);
  const lostAnswer = known.some(
    ({ enrolledBy, firstUsedTime, revokedTime }) =>
      enrolledBy === keyId && firstUsedTime === null && revokedTime === null,
  );
  if (!lostAnswer) {
    if (Number(key?.usesLeft) <= 0) return { kind: 'used-up' };
    if (known.length > 0 && key?.mayReplace !== 1) return { kind: 'known-device' };
    db.prepare('UPDATE token SET usesLeft = usesLeft - 1 WHERE id = ?').run(keyId);
  }
  const purpose = { kind: 'device', name: deviceName, deviceId, enrolledBy: keyId } as const;
  return { kind: 'enrolled', token: writeToken(db, purpose, now) };
}
