import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** A record that at least one rule flagged. */
export interface Sighting {
  readonly DeviceId: string;
  readonly DeviceName: string;
  readonly FolderPath: string;
  readonly FileName: string;
  readonly SHA1: string;
  /** As the record has it: the ids of the rules, in an array, if the sender is honest. */
  readonly Rules: unknown;
  /** The record's Timestamp, 100 ns ticks. */
  readonly seen: bigint;
}

/** Rules kept for one sighting. A file is flagged by a few; a sender who invents rules must not make a row grow for ever. */
const MAX_RULES = 64;

/** First and last sighting of each flagged (device, path, SHA1). */
export class SightingTable {
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(db: DatabaseSync) {
    const where = 'DeviceId = ? AND FolderPath = ? AND FileName = ? AND SHA1 = ?';
    this.#select = db.prepare(`SELECT Rules FROM sighting WHERE ${where}`);
    this.#insert = db.prepare(
      `INSERT INTO sighting (DeviceId, FolderPath, FileName, SHA1, DeviceName, Rules, FirstSeen, LastSeen)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = db.prepare(
      `UPDATE sighting SET Rules = ?, FirstSeen = MIN(FirstSeen, ?), LastSeen = MAX(LastSeen, ?),
        DeviceName = CASE WHEN ? >= LastSeen THEN ? ELSE DeviceName END WHERE ${where}`,
    );
  }

  /** Takes a new record into account. One that no rule flagged changes nothing. */
  see({ DeviceName, Rules, seen, ...place }: Sighting): void {
    const rules = ruleIds(Rules);
    if (rules.length === 0) return;
    const key = [place.DeviceId, place.FolderPath, place.FileName, place.SHA1];
    const known = this.#select.get(...key);
    if (!known) {
      this.#insert.run(...key, DeviceName, listOf(rules), seen, seen);
      return;
    }
    const all = [...ruleIds(JSON.parse(String(known.Rules))), ...rules];
    this.#update.run(listOf(all), seen, seen, seen, DeviceName, ...key);
  }
}

function ruleIds(rules: unknown): string[] {
  return Array.isArray(rules) ? rules.filter((rule) => typeof rule === 'string') : [];
}

function listOf(rules: readonly string[]): string {
  return JSON.stringify([...new Set(rules)].slice(0, MAX_RULES));
}
