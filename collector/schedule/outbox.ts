import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { Judgement } from '../approvals/judgement.ts';
import { type NoticeEvent, toNotice } from '../notify/notice.ts';
import { inTransaction } from '../store/sqlite/transaction.ts';
import { findingFromText } from './finding-text.ts';

/** Notices that wait for one channel; further ones are left out for it, counted and told. */
export const MOST_WAITING = 50_000;
/** Notices of one device in one run, so that a device that floods does not keep out the others; the rest follow. */
export const MOST_OF_DEVICE_IN_RUN = 200;
/** Of all devices: a run writes some megabytes. */
const MOST_OF_RUN = 5_000;
/** UTF-16 units of one batch. */
const MOST_BATCH = 1024 * 1024;

/** Notices between the run that made them and the channels that have to take them. */
export class Outbox {
  readonly #db: DatabaseSync;
  readonly #channels: readonly string[];
  readonly #put: StatementSync;
  readonly #told: StatementSync;

  /** Knows the channels from now on; what waits for others stays. */
  constructor(
    db: DatabaseSync,
    channels: readonly { readonly name: string; readonly kind: string }[],
  ) {
    this.#db = db;
    this.#channels = channels.map(({ name }) => name);
    this.#put = db.prepare(
      'INSERT INTO outbox (channel, id, created, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#told = db.prepare(
      `UPDATE finding SET owed = NULL, notices = notices + 1, firstNotified = coalesce(firstNotified, :now),
        lastNotified = :now WHERE key = :key`,
    );
    const known = db.prepare(
      'INSERT INTO channel (name, kind) VALUES (?, ?) ON CONFLICT DO UPDATE SET kind = excluded.kind',
    );
    for (const { name, kind } of channels) known.run(name, kind);
  }

  /**
   * Makes the notices that are owed, a row for each channel, in one transaction with the findings' own state: each is owed or
   * made, never both or neither. Without channels they stay owed. Of each device flagged files come before look-alikes, which anybody
   * who may write a file can make, and devices take turns. `now`: milliseconds since 1970.
   */
  fill(now: number): { readonly made: number; readonly left: number } {
    if (this.#channels.length === 0) return { made: 0, left: 0 };
    return inTransaction(this.#db, () => {
      const owed = this.#db
        .prepare(
          `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY deviceId ORDER BY grade NOT LIKE 'signature-%', found, key) AS place
            FROM finding WHERE owed IS NOT NULL) WHERE place <= ? ORDER BY place LIMIT ?`,
        )
        .all(MOST_OF_DEVICE_IN_RUN, MOST_OF_RUN);
      const room = new Map(this.#channels.map((channel) => [channel, this.#roomOf(channel)]));
      for (const row of owed) this.#make(row, room, now);
      const left = this.#db.prepare('SELECT count(*) AS count FROM finding WHERE owed IS NOT NULL');
      return { made: owed.length, left: Number(left.get()?.count) };
    });
  }

  /** What a channel should be given next: oldest first; one alone where several were refused together. */
  next(channel: string, most: number): readonly { readonly seq: number; readonly body: string }[] {
    const rows = this.#db
      .prepare(
        `SELECT seq, state, body FROM outbox WHERE channel = ? AND state <> 'refused' ORDER BY state, seq LIMIT ?`,
      )
      .all(channel, most)
      .map(({ seq, state, body }) => ({ seq: Number(seq), state, body: String(body) }));
    if (rows[0]?.state === 'alone') return rows.slice(0, 1);
    let size = 0;
    return rows.filter(({ body }, index) => {
      size += body.length;
      return index === 0 || size <= MOST_BATCH;
    });
  }

  delivered(channel: string, seqs: readonly number[], now: number): void {
    inTransaction(this.#db, () => {
      for (const seq of seqs) this.#db.prepare('DELETE FROM outbox WHERE seq = ?').run(seq);
      this.#db
        .prepare(
          'UPDATE channel SET failures = 0, retryTime = 0, problem = NULL, lastDelivery = ? WHERE name = ?',
        )
        .run(now, channel);
    });
  }

  /** The channel rests until `until`. */
  postponed(channel: string, reason: string, until: number): void {
    this.#db
      .prepare(
        'UPDATE channel SET failures = failures + 1, retryTime = ?, problem = ? WHERE name = ?',
      )
      .run(until, reason, channel);
  }

  /** Kept and listed until a person says `hunts retry`; `alone`: each is tried once more by itself. */
  refused(channel: string, seqs: readonly number[], reason: string, alone: boolean): void {
    inTransaction(this.#db, () => {
      const state = alone ? 'alone' : 'refused';
      const mark = this.#db.prepare('UPDATE outbox SET state = ?, problem = ? WHERE seq = ?');
      for (const seq of seqs) mark.run(state, reason, seq);
      this.#db.prepare('UPDATE channel SET problem = ? WHERE name = ?').run(reason, channel);
    });
  }

  /** Since when a channel has failed, and until when it rests. */
  channel(name: string): { readonly failures: number; readonly retryTime: number } {
    const row = this.#db.prepare('SELECT * FROM channel WHERE name = ?').get(name);
    return { failures: Number(row?.failures ?? 0), retryTime: Number(row?.retryTime ?? 0) };
  }

  /** Names of channels for which something waits and which nobody sends to any more. */
  abandoned(): readonly string[] {
    const names = this.#db.prepare('SELECT DISTINCT channel FROM outbox').all();
    return names.map(({ channel }) => String(channel)).filter((n) => !this.#channels.includes(n));
  }

  #roomOf(channel: string): number {
    const count = 'SELECT count(*) AS count FROM outbox WHERE channel = ?';
    return MOST_WAITING - Number(this.#db.prepare(count).get(channel)?.count);
  }

  /** Puts a finding's notice down for each channel that has room, and counts it for the others. */
  #make(row: Readonly<Record<string, unknown>>, room: Map<string, number>, now: number): void {
    const notice = toNotice({
      event: row.owed as NoticeEvent,
      finding: findingFromText(String(row.body)),
      judgement: JSON.parse(String(row.judgement)) as Judgement,
      before: Number(row.notices),
      now: ticksFromUnixMs(now),
    });
    const body = JSON.stringify(notice);
    for (const [channel, left] of room) {
      if (left > 0) {
        this.#put.run(channel, notice.id, now, body);
        room.set(channel, left - 1);
      } else
        this.#db.prepare('UPDATE channel SET dropped = dropped + 1 WHERE name = ?').run(channel);
    }
    this.#told.run({ now, key: String(row.key) });
  }
}
