import type { StatementSync } from 'node:sqlite';
import type { Difference, DifferenceKind } from './coverage-report.ts';
import type { Scratch } from './scratch.ts';
import type { SideDevice } from './side.ts';

/** What a difference is of; the rest is empty. */
export type NewDifference = Pick<Difference, 'kind' | 'agent' | 'exported'> & Partial<Difference>;

/** The kinds in the order of reports. */
export const DIFFERENCE_KINDS: readonly DifferenceKind[] = [
  'rule-missed',
  'rule-extra',
  'device-absent',
  'device-empty',
  'device-only-export',
  'field',
  'only-agent',
  'only-export',
  'signer-missed',
];

/** Differences in the scratch file, in the order in which they were found, and how many of each kind. */
export class DifferenceTable {
  readonly counts = Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<
    DifferenceKind,
    number
  >;
  readonly #scratch: Scratch;
  readonly #add: StatementSync;
  readonly #agents: readonly SideDevice[];
  readonly #exported: readonly SideDevice[];

  constructor(scratch: Scratch, agents: readonly SideDevice[], exported: readonly SideDevice[]) {
    this.#scratch = scratch;
    this.#agents = agents;
    this.#exported = exported;
    scratch.db.exec(`CREATE TABLE difference (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, agent INTEGER, exported INTEGER,
      value TEXT NOT NULL) STRICT;`);
    this.#add = scratch.db.prepare(
      'INSERT INTO difference (kind, agent, exported, value) VALUES (?, ?, ?, ?)',
    );
  }

  add({ kind, agent, exported, ...value }: NewDifference): void {
    this.counts[kind] += 1;
    const place = DIFFERENCE_KINDS.indexOf(kind);
    this.#add.run(place, agent?.index ?? null, exported?.index ?? null, JSON.stringify(value));
  }

  /** Kind by kind; of one kind, or all. */
  *read(kind?: DifferenceKind, most = Number.MAX_SAFE_INTEGER): Generator<Difference> {
    this.#scratch.db.exec('CREATE INDEX IF NOT EXISTS difference_by_kind ON difference (kind, id)');
    for (const each of kind === undefined ? DIFFERENCE_KINDS : [kind]) {
      const rows = this.#scratch.db
        .prepare('SELECT agent, exported, value FROM difference WHERE kind = ? ORDER BY id LIMIT ?')
        .iterate(DIFFERENCE_KINDS.indexOf(each), most);
      for (const { agent, exported, value } of rows)
        yield {
          ...EMPTY,
          ...(JSON.parse(String(value)) as Partial<Difference>),
          kind: each,
          agent: agent === null ? undefined : this.#agents[Number(agent)],
          exported: exported === null ? undefined : this.#exported[Number(exported)],
        };
    }
  }
}

const EMPTY = {
  rules: [],
  sha1: '',
  fileKind: '',
  field: '',
  agentValue: '',
  exportValue: '',
  agentFirst: null,
  exportFirst: null,
  detail: '',
} as const;
