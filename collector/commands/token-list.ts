import { type TokenRow, tokenState } from '../doors/token-row.ts';
import { toTable } from '../print/table.ts';

const NAMES = ['Id', 'Kind', 'State', 'Name', 'DeviceId', 'By', 'Uses', 'Made', 'Until', 'Used'];

/** Tokens for a terminal, oldest first; no secret is in it. */
export function tokenList(tokens: readonly TokenRow[], now: number): string {
  if (tokens.length === 0) return 'No token has been made.\n';
  const columns = NAMES.map((name) => ({ name, type: 'string' }) as const);
  const rows = tokens.map((token) => [
    ...[token.id, token.mayReplace ? 'key, may replace' : token.kind, tokenState(token, now)],
    ...[token.name, token.deviceId ?? '', token.enrolledBy ?? ''],
    ...[token.usesLeft === null ? '' : String(token.usesLeft)],
    ...[minute(token.createdTime), minute(token.expiresTime), minute(token.firstUsedTime)],
  ]);
  return toTable({ columns, rows }, Math.max(process.stdout.columns ?? 0, 80));
}

function minute(time: number | null): string {
  return time === null ? '' : `${new Date(time).toISOString().slice(0, 16)}Z`;
}
