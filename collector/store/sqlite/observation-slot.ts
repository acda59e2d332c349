import { hash } from 'node:crypto';

/** Where a row goes that is alone at its instant, device and path, as nearly all are: SQLite keeps 0 in no byte at all. */
export const FIRST_SLOT = 0;

/**
 * Where a further row of an instant, device and path goes: four bytes of its content's SHA-256, so that others are seldom
 * there. `salt` is the database's own secret: a sender cannot make rows that meet.
 */
export function contentSlot(salt: bigint, text: string): number {
  return hash('sha256', `${salt} ${text}`, 'buffer').readInt32BE(0);
}

/** Where it goes when another row is there. */
export function nextSlot(slot: number): number {
  return (slot + 1) | 0;
}
