import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CellValue } from '../../parsers/kql/plan.ts';
import { unixMsFromTicks } from '../../parsers/record/datetime.ts';
import { CERTIFICATE_FIELDS, cellsKey, type Facts, toFacts } from './compared-facts.ts';
import type { Side } from './side.ts';
import type { When } from './window.ts';

/** One file on one device by one set of facts. */
export interface Sighting {
  readonly sha1: string;
  /** Of the certificate: an id. */
  readonly facts: number;
  /** CertificateCountersignatureTime in milliseconds since 1970, NO_TIME without one. */
  readonly stamp: number;
  /** IsTrusted: 1 and 0, -1 where it is not told. */
  readonly trusted: number;
  /** The agent's FileKind; '' of an export and where not told. */
  readonly kind: string;
  /** When it was first seen, milliseconds since 1970. */
  readonly first: number;
  /** 1 where some row is of the common window. */
  readonly isInWindow: number;
}

type SightingRow = [string, number, number, number, string, number, number];

/** KiB of the scratch file that are held in memory; the rest is on disk. */
const CACHE_KIB = 48 * 1024;
/** Before any time that a datetime can have. */
const NO_TIME = Number.MIN_SAFE_INTEGER;
/** Facts whose ids are remembered. A fleet has some thousand; whoever writes more makes it slower, not larger. */
const MOST_REMEMBERED = 20_000;

/**
 * Where both sides of a comparison are put while they are read: a file of SQLite's own temporary kind, mode 0600, that is
 * gone when this closes or the process dies. Nothing of it enters the collector's tables.
 * Source: SQLite documentation, "Temporary Files Used By SQLite" §2.6 and "sqlite3_open: an empty filename".
 */
export class Scratch {
  readonly db: DatabaseSync;
  readonly #addSighting: Record<Side, StatementSync>;
  readonly #addHit: StatementSync;
  readonly #addFacts: StatementSync;
  readonly #factsId: StatementSync;
  readonly #readFacts: StatementSync;
  readonly #ids = new Map<string, number>();
  readonly #facts = new Map<number, Facts>();

  constructor() {
    this.db = new DatabaseSync('');
    this.db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA trusted_schema = OFF;
      CREATE TABLE facts (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;
      ${sightingSql('agent')} ${sightingSql('export')}
      CREATE TABLE hit (side TEXT NOT NULL, rule INTEGER NOT NULL, device INTEGER NOT NULL, sha1 TEXT NOT NULL,
        seen INTEGER NOT NULL, PRIMARY KEY (side, rule, device, sha1)) STRICT, WITHOUT ROWID;
      CREATE INDEX hit_by_file ON hit (side, device, sha1);
      BEGIN;`);
    this.#addSighting = { agent: this.#upsert('agent'), export: this.#upsert('export') };
    this.#addHit = this.db.prepare(`INSERT INTO hit VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen)`);
    this.#addFacts = this.db.prepare('INSERT INTO facts (value) VALUES (?) ON CONFLICT DO NOTHING');
    this.#factsId = this.db.prepare('SELECT id FROM facts WHERE value = ?');
    this.#readFacts = this.db.prepare('SELECT value FROM facts WHERE id = ?');
  }

  /** `cells` are in the order of COMPARED_FIELDS; `ms` is when it was seen, milliseconds since 1970. */
  addSighting(
    side: Side,
    device: number,
    sha1: string,
    cells: readonly CellValue[],
    kind: string,
    ms: number,
    isInWindow: boolean,
  ): void {
    const facts = this.#idOf(cells.slice(0, CERTIFICATE_FIELDS));
    const [stamp, trusted] = cells.slice(CERTIFICATE_FIELDS);
    this.#addSighting[side].run(
      device,
      sha1,
      facts,
      typeof stamp === 'bigint' ? unixMsFromTicks(stamp) : NO_TIME,
      typeof trusted === 'boolean' ? Number(trusted) : -1,
      kind,
      ms,
      isInWindow ? 1 : 0,
    );
  }

  /** A rule's conditions hold for a file on a device; '' where no SHA1 was told. */
  addHit(side: Side, rule: number, device: number, sha1: string, seen: When): void {
    this.#addHit.run(side, rule, device, sha1, seen);
  }

  factsOf({ facts, stamp, trusted }: Sighting): Facts {
    const time = stamp === NO_TIME ? null : new Date(stamp).toISOString().replace('.000Z', 'Z');
    return [...this.#certificateFacts(facts), time, TRUSTED[trusted + 1] ?? null];
  }

  /** What a side has of a device, in the order of SHA1. */
  *sightings(side: Side, device: number): Generator<Sighting> {
    const statement = this.db.prepare(
      `SELECT sha1, facts, stamp, trusted, kind, first, isInWindow FROM ${side}Sighting WHERE device = ?
        ORDER BY sha1, facts, stamp, trusted`,
      { returnArrays: true }, // objects take twice the time
    );
    for (const row of statement.iterate(device) as Iterable<unknown>) {
      const [sha1, facts, stamp, trusted, kind, first, isInWindow] = row as SightingRow;
      yield { sha1, facts, stamp, trusted, kind, first, isInWindow };
    }
  }

  close(): void {
    this.db.close();
  }

  #idOf(cells: readonly CellValue[]): number {
    const key = cellsKey(cells);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const value = JSON.stringify(toFacts(cells));
    this.#addFacts.run(value);
    const id = Number(this.#factsId.get(value)?.id);
    if (this.#ids.size === MOST_REMEMBERED) this.#ids.clear();
    this.#ids.set(key, id);
    return id;
  }

  #certificateFacts(id: number): Facts {
    const known = this.#facts.get(id);
    if (known) return known;
    const facts: Facts = JSON.parse(String(this.#readFacts.get(id)?.value));
    if (this.#facts.size === MOST_REMEMBERED) this.#facts.clear();
    this.#facts.set(id, facts);
    return facts;
  }

  #upsert(side: Side): StatementSync {
    return this.db.prepare(`INSERT INTO ${side}Sighting VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET first = min(first, excluded.first), isInWindow = max(isInWindow, excluded.isInWindow)`);
  }
}

/** By `trusted` + 1. */
const TRUSTED = [null, 'false', 'true'] as const;

function sightingSql(side: Side): string {
  return `CREATE TABLE ${side}Sighting (device INTEGER NOT NULL, sha1 TEXT NOT NULL, facts INTEGER NOT NULL,
    stamp INTEGER NOT NULL, trusted INTEGER NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, isInWindow INTEGER NOT NULL,
    PRIMARY KEY (device, sha1, facts, stamp, trusted)) STRICT, WITHOUT ROWID;`;
}
