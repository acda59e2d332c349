import type { DatabaseSync } from 'node:sqlite';
import type { MatchGrade } from '../../parsers/rules/match-grade.ts';
import { RunBook, type RunSummary } from './run-book.ts';

/** Times are milliseconds since 1970. */
export interface ChannelStatus {
  readonly name: string;
  readonly kind: string;
  /** Notices that are still to be taken, and those that it has refused for good. */
  readonly waiting: number;
  readonly refused: number;
  /** When the oldest that waits was made; null where none does. */
  readonly oldest: number | null;
  /** Failures in a row, the next attempt, and what the last was for. */
  readonly failures: number;
  readonly retryTime: number;
  readonly problem: string | null;
  readonly lastDelivery: number | null;
  /** Notices that were left out, because too many waited. */
  readonly dropped: number;
}

export interface RuleStatus {
  readonly id: string;
  readonly name: string;
  /** What was received until then has been looked at. */
  readonly mark: number;
  /** Why the last run failed; null where it did not. */
  readonly error: string | null;
}

export interface HuntStatus {
  /** Undefined where `serve` never ran hunts on this folder. */
  readonly everyMs: number | undefined;
  readonly next: number | undefined;
  readonly lastRun: RunSummary | undefined;
  readonly rules: readonly RuleStatus[];
  readonly findings: readonly {
    readonly state: 'approved' | 'unapproved';
    readonly grade: MatchGrade;
    readonly count: number;
  }[];
  /** Findings of which a notice is still to be made. */
  readonly owed: number;
  readonly channels: readonly ChannelStatus[];
}

export function readHuntStatus(db: DatabaseSync): HuntStatus {
  const runs = new RunBook(db);
  const all = (sql: string) => db.prepare(sql).all() as unknown[];
  return {
    everyMs: runs.setting('every'),
    next: runs.setting('next'),
    lastRun: runs.last(),
    rules: all('SELECT id, name, mark, error FROM rule ORDER BY name, id') as RuleStatus[],
    findings: all(
      'SELECT state, grade, count(*) AS count FROM finding GROUP BY state, grade ORDER BY state, grade',
    ) as HuntStatus['findings'],
    owed: Number(
      db.prepare('SELECT count(*) AS count FROM finding WHERE owed IS NOT NULL').get()?.count,
    ),
    channels: all(
      `SELECT channel.*, count(CASE WHEN state <> 'refused' THEN 1 END) AS waiting,
        count(CASE WHEN state = 'refused' THEN 1 END) AS refused,
        min(CASE WHEN state <> 'refused' THEN created END) AS oldest
        FROM channel LEFT JOIN outbox ON channel = name GROUP BY name ORDER BY name`,
    ) as ChannelStatus[],
  };
}

/** What was refused is sent again, and no channel rests any longer. How many notices that are. */
export function retryNow(db: DatabaseSync): number {
  db.exec('UPDATE channel SET retryTime = 0');
  const { changes } = db
    .prepare("UPDATE outbox SET state = 'waiting', problem = NULL WHERE state = 'refused'")
    .run();
  return Number(changes);
}
