import type { DatabaseSync } from 'node:sqlite';
import { newToken } from './token.ts';
import { tokenState, toTokenRow } from './token-row.ts';
import { insertToken } from './write-token.ts';

export type Rotation =
  | { readonly kind: 'rotated'; readonly token: string; readonly until: number }
  | { readonly kind: 'unknown' }
  /** It is revoked, expired or replaced already, or it is an enrolment key. */
  | { readonly kind: 'not-rotated'; readonly because: string };

/**
 * Makes a token for what the token `id` is for. That one stays good for `overlap` milliseconds more, so that a sender is
 * never without one while the new one is brought to it; a token that it had replaced itself ends now. Where the old one
 * was made with an end, the new one lives as long from now on.
 *
 * Call it inside a transaction.
 */
export function rotateToken(
  db: DatabaseSync,
  { id, overlap }: { readonly id: string; readonly overlap: number },
  now: number,
): Rotation {
  const row = db.prepare('SELECT * FROM token WHERE id = ?').get(id);
  if (!row) return { kind: 'unknown' };
  const old = toTokenRow(row);
  if (old.kind === 'key')
    return { kind: 'not-rotated', because: 'an enrolment key is not rotated: make another' };
  const state = tokenState(old, now);
  if (state !== 'active') return { kind: 'not-rotated', because: `the token is ${state}` };

  const until = Math.min(now + overlap, old.expiresTime ?? Number.POSITIVE_INFINITY);
  const fresh = newToken(old.kind);
  db.prepare(
    'UPDATE token SET revokedTime = ? WHERE replacedBy = ? AND revokedTime IS NULL AND expiresTime > ?',
  ).run(now, id, now);
  db.prepare('UPDATE token SET expiresTime = ?, replacedBy = ? WHERE id = ?').run(
    ...[until, fresh.id, id],
  );
  const lifetime = old.expiresTime === null ? undefined : old.expiresTime - old.createdTime;
  const { kind, name, deviceId, enrolledBy } = old;
  insertToken(
    db,
    fresh,
    {
      ...{ kind, name, ...(deviceId !== null && { deviceId }) },
      ...(enrolledBy !== null && { enrolledBy }),
      ...(lifetime !== undefined && { expiresTime: now + lifetime }),
    },
    now,
  );
  return { kind: 'rotated', token: fresh.text, until };
}
