import type { DatabaseSync } from 'node:sqlite';

/** Runs that are remembered. */
const MOST_RUNS = 1_000;

/** How one run went. Times are milliseconds since 1970. */
export interface RunSummary {
  /** `schedule`, or who asked for it. */
  readonly why: string;
  readonly started: number;
  readonly ended: number;
  /** Rules that were run, and of them those that failed: they are repeated from where they stood. */
  readonly rules: number;
  readonly failed: number;
  /** Findings that the run saw, and of them those that nobody had seen before. */
  readonly found: number;
  readonly fresh: number;
  /** Notices that were made. */
  readonly notices: number;
  /** Findings left out: their devices have too many. */
  readonly unkept: number;
}

/** Where each rule stands, and what the last runs did. */
export class RunBook {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Milliseconds since 1970; undefined of a rule that has never run. */
  markOf(rule: string): number | undefined {
    const row = this.#db.prepare('SELECT mark FROM rule WHERE id = ?').get(rule);
    return row === undefined ? undefined : Number(row.mark);
  }

  /** Forgets rules that are not run any more: one that comes back begins as a new one does. */
  keepOnly(ids: readonly string[]): void {
    this.#db
      .prepare('DELETE FROM rule WHERE id NOT IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(ids));
  }

  /** `problem`: what the rule left out on its way there. */
  looked(
    { id, name }: { readonly id: string; readonly name: string },
    mark: number,
    problem: string | null,
  ): void {
    this.#db
      .prepare(
        `INSERT INTO rule (id, name, mark, error) VALUES (:id, :name, :mark, :problem)
          ON CONFLICT DO UPDATE SET name = :name, mark = :mark, error = :problem`,
      )
      .run({ id, name, mark, problem });
  }

  /** The rule stands at `mark` from now on: see markAfterFailure(). */
  failed(
    { id, name }: { readonly id: string; readonly name: string },
    error: string,
    mark: number,
  ): void {
    this.#db
      .prepare(
        `INSERT INTO rule (id, name, mark, error) VALUES (:id, :name, :mark, :error)
          ON CONFLICT DO UPDATE SET name = :name, mark = :mark, error = :error`,
      )
      .run({ id, name, mark, error });
  }

  ended(run: RunSummary): void {
    const { why, started, ended, rules, failed, found, fresh, notices, unkept } = run;
    this.#db
      .prepare(
        `INSERT INTO run (why, started, ended, rules, failed, found, fresh, notices, unkept)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(why, started, ended, rules, failed, found, fresh, notices, unkept);
    this.#db.prepare('DELETE FROM run WHERE id <= (SELECT max(id) FROM run) - ?').run(MOST_RUNS);
  }

  last(): (RunSummary & { readonly id: number }) | undefined {
    const row = this.#db.prepare('SELECT * FROM run ORDER BY id DESC LIMIT 1').get();
    return row as unknown as (RunSummary & { readonly id: number }) | undefined;
  }

  /** What `serve` and the command line tell each other: `every`, `next`, and `asked`, all in milliseconds. */
  setting(name: 'every' | 'next' | 'asked'): number | undefined {
    const row = this.#db.prepare('SELECT value FROM schedule WHERE name = ?').get(name);
    return row === undefined ? undefined : Number(row.value);
  }

  set(name: 'every' | 'next' | 'asked', value: number): void {
    this.#db
      .prepare(
        'INSERT INTO schedule VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = :value',
      )
      .run({ name, value });
  }

  clear(name: 'every' | 'next' | 'asked'): void {
    this.#db.prepare('DELETE FROM schedule WHERE name = ?').run(name);
  }
}
