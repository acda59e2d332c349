import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token opens: sending the rows of one device, reading, reading and ending tokens, or enrolling devices. */
export const TOKEN_KINDS = ['device', 'reader', 'operator', 'key'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

const LETTERS: Readonly<Record<TokenKind, string>> = {
  device: 'd',
  reader: 'r',
  operator: 'o',
  key: 'k',
};
const ID_BYTES = 8;
const SECRET_BYTES = 32;

/**
 * `csw_d_ID_SECRET`. The prefix lets secret scanners find a token that was committed or pasted; the id names it in lists
 * and logs without giving it away.
 */
const TOKEN_TEXT = /^csw_([drok])_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

export interface NewToken {
  readonly id: string;
  /** The whole token. Shown once and never stored. */
  readonly text: string;
  readonly hash: Uint8Array;
}

export function newToken(kind: TokenKind): NewToken {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `csw_${LETTERS[kind]}_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, text, hash: hashToken(text) };
}

/** The id in a token's text; undefined where it is no token of ours. */
export function tokenId(text: string): string | undefined {
  return TOKEN_TEXT.exec(text)?.[2];
}

/** Compared in constant time, so that the time of an answer says nothing about the hash. */
export function isToken(text: string, hash: Uint8Array): boolean {
  return timingSafeEqual(hashToken(text), hash);
}

/**
 * One SHA-256, not a slow password hash: the secret is 256 random bits, so whoever reads the hashes cannot guess it, and
 * a request must not cost a tenth of a second.
 */
function hashToken(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
