import { existsSync } from 'node:fs';
import { Doors } from '../doors/doors.ts';
import { doorsFile } from '../doors/open-doors.ts';
import { type TokenRow, tokenState } from '../doors/token-row.ts';
import { UsageError } from '../usage-error.ts';
import { counted, type Finding, fail, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
/** A person needs some days to give a new token to whoever uses the old one. */
const SOON_DAYS = 14;
/** A token that nobody has used for so long was made for nothing, or lies somewhere unused. */
const UNUSED_DAYS = 30;

/** Ids that a finding lists. */
const MOST_NAMED = 5;

/** Tokens that end soon, and such as nobody uses. `nowMs`: milliseconds since 1970. */
export function checkTokens(dataFolder: string, nowMs: number): readonly Finding[] {
  if (!existsSync(doorsFile(dataFolder))) return [ok('tokens', 'none has been made')];
  let tokens: readonly TokenRow[];
  try {
    const doors = new Doors(dataFolder, () => nowMs);
    tokens = doors.list();
    doors.close();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [fail('tokens', error.message, 'no token can be checked until then')];
  }
  return tokenFindings(tokens, nowMs);
}

export function tokenFindings(tokens: readonly TokenRow[], nowMs: number): readonly Finding[] {
  const good = tokens.filter((token) => ['active', 'replaced'].includes(tokenState(token, nowMs)));
  const active = good.filter(({ kind, replacedBy }) => kind !== 'key' && replacedBy === null);
  const soon = active.filter(
    ({ expiresTime }) => expiresTime !== null && expiresTime - nowMs < SOON_DAYS * DAY_MS,
  );
  const unused = active.filter(
    ({ firstUsedTime, createdTime }) =>
      firstUsedTime === null && nowMs - createdTime > UNUSED_DAYS * DAY_MS,
  );
  const findings: Finding[] = [];
  if (soon.length > 0)
    findings.push(
      warn(
        'tokens',
        `fewer than ${SOON_DAYS} days are left to ${counted(soon.length, 'token')}: ${named(soon)}`,
        'enroll --rotate ID makes another, and both are good for a while',
      ),
    );
  if (unused.length > 0)
    findings.push(
      warn(
        'tokens',
        `never used in ${UNUSED_DAYS} days or more: ${counted(unused.length, 'token')}, ` +
          named(unused),
        'enroll --revoke ID ends those that nobody needs',
      ),
    );
  const ended = tokens.length - good.length;
  return findings.length > 0
    ? findings
    : [ok('tokens', `${good.length} are good, ${ended} have ended; enroll --list names them`)];
}

function named(tokens: readonly TokenRow[]): string {
  const names = tokens.slice(0, MOST_NAMED).map(({ id, kind, name }) => `${id} (${kind} ${name})`);
  return names.join(', ') + (tokens.length > MOST_NAMED ? ', ...' : '');
}
