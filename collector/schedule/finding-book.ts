import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unixMsFromTicks } from '../../parsers/record/datetime.ts';
import type { MatchGrade } from '../../parsers/rules/match-grade.ts';
import type { Judgement } from '../approvals/judgement.ts';
import type { Finding } from '../findings/finding.ts';
import type { NoticeEvent } from '../notify/notice.ts';
import { inTransaction } from '../store/sqlite/transaction.ts';
import { findingFromText, findingToText, keyOf } from './finding-text.ts';

/**
 * Of one device, of each of: flagged, look-alikes, look-alikes by name alone. Whoever may write files there can make look-alikes without
 * end, those by name alone without a notice: they must not keep out a file that a rule flags.
 */
export const MOST_OF_DEVICE = 10_000;

/** Grades that share one count. */
const GRADES_ALIKE: readonly (readonly MatchGrade[])[] = [
  ['signature-untrusted', 'signature-unverified', 'signature-trusted'],
  ['signer-mismatch', 'version-info-only'],
  ['name-only'],
];

const DAY_MS = 86_400_000;
/** A finding of which nothing has come for so long is forgotten; approvals live 365 days. */
export const FORGOTTEN_DAYS = 400;
/** Findings that came within so many days are judged anew at each run: older ones may be gone from the device. */
export const REJUDGED_DAYS = 30;

type Judge = (finding: Finding) => Judgement;

/** What keep() did with findings. */
export interface Kept {
  /** Seen for the first time. */
  readonly fresh: number;
  /** Left out: their devices have too many. */
  readonly unkept: number;
}

/** What a run knows of each finding, and of which nobody has been told yet. */
export class FindingBook {
  readonly #db: DatabaseSync;
  /** Whether look-alikes by name alone are told. */
  readonly #nameOnly: boolean;
  readonly #find: StatementSync;
  readonly #count: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;

  constructor(db: DatabaseSync, nameOnly: boolean) {
    this.#db = db;
    this.#nameOnly = nameOnly;
    this.#find = db.prepare('SELECT * FROM finding WHERE key = ?');
    this.#count = db.prepare(
      `SELECT count(*) AS count FROM finding WHERE deviceId = ?
        AND grade IN (SELECT value FROM json_each(?))`,
    );
    this.#insert = db.prepare(
      `INSERT INTO finding (key, rule, deviceId, grade, state, judgement, body, found, lastReceived, owed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = db.prepare(
      'UPDATE finding SET state = ?, judgement = ?, body = ?, lastReceived = ?, owed = ? WHERE key = ?',
    );
  }

  /** Remembers findings of a run at `now` (milliseconds since 1970), and owes a notice of those that need one. */
  keep(findings: readonly Finding[], judge: Judge, now: number): Kept {
    return inTransaction(this.#db, () => {
      let [fresh, unkept] = [0, 0];
      const counts = new Map<string, number>();
      for (const finding of findings) {
        const key = keyOf(finding);
        const known = this.#find.get(key);
        if (known) {
          const before = findingFromText(String(known.body));
          const firstSeen =
            before.firstSeen < finding.firstSeen ? before.firstSeen : finding.firstSeen;
          const merged = { ...finding, firstSeen };
          this.#change(known, merged, judge(merged));
          continue;
        }
        const { deviceId, grade } = finding;
        const alike = GRADES_ALIKE.find((grades) => grades.includes(grade)) ?? [];
        const counted = `${deviceId} ${alike[0]}`;
        const count = counts.get(counted) ?? this.#countOf(deviceId, alike);
        counts.set(counted, count + 1);
        if (count >= MOST_OF_DEVICE) unkept += 1;
        else {
          this.#add(key, finding, judge(finding), now);
          fresh += 1;
        }
      }
      return { fresh, unkept };
    });
  }

  /**
   * Judges up to `most` known findings after `after` anew, in the order of their keys, and gives the last key; undefined when
   * there are no more. So an approval that has ended is noticed without the file being seen again.
   */
  judgeAgain(judge: Judge, now: number, after: string, most: number): string | undefined {
    const rows = this.#db
      .prepare('SELECT * FROM finding WHERE key > ? AND lastReceived >= ? ORDER BY key LIMIT ?')
      .all(after, now - REJUDGED_DAYS * DAY_MS, most);
    inTransaction(this.#db, () => {
      for (const row of rows) {
        const finding = findingFromText(String(row.body));
        const judgement = judge(finding);
        if (JSON.stringify(judgement) !== row.judgement) this.#change(row, finding, judgement);
      }
    });
    return rows.length < most ? undefined : String(rows.at(-1)?.key);
  }

  /** Forgets what has not come for FORGOTTEN_DAYS. */
  forget(now: number): void {
    this.#db
      .prepare('DELETE FROM finding WHERE lastReceived < ?')
      .run(now - FORGOTTEN_DAYS * DAY_MS);
  }

  #countOf(deviceId: string, grades: readonly MatchGrade[]): number {
    return Number(this.#count.get(deviceId, JSON.stringify(grades))?.count);
  }

  #add(key: string, finding: Finding, judgement: Judgement, now: number): void {
    const { rule, deviceId, grade, lastReceived } = finding;
    this.#insert.run(
      ...[key, rule, deviceId, grade, judgement.state, JSON.stringify(judgement)],
      ...[findingToText(finding), now, unixMsFromTicks(lastReceived)],
      this.#owed(undefined, finding, judgement),
    );
  }

  #change(known: Readonly<Record<string, unknown>>, finding: Finding, judgement: Judgement): void {
    this.#update.run(
      ...[judgement.state, JSON.stringify(judgement), findingToText(finding)],
      ...[unixMsFromTicks(finding.lastReceived), this.#owed(known, finding, judgement)],
      String(known.key),
    );
  }

  /** Of an unapproved finding one notice is owed when it is new, and one each time an approval has ended. */
  #owed(
    known: Readonly<Record<string, unknown>> | undefined,
    { grade }: Finding,
    { state }: Judgement,
  ): NoticeEvent | null {
    if (state === 'approved' || (grade === 'name-only' && !this.#nameOnly)) return null;
    if (!known) return 'new-finding';
    if (known.state === 'approved') return 'approval-ended';
    return known.owed as NoticeEvent | null;
  }
}
