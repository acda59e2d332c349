import type { SignatureStatus } from '../../../parsers/authenticode/signature-report.ts';
import type { Html } from '../../../parsers/html/html.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { recordPath } from '../../../parsers/record/record-path.ts';
import { isLookAlike } from '../../../parsers/rules/match-grade.ts';
import type { Problem, ProblemReason } from '../../inspect/file-outcome.ts';
import type { RuleNames } from '../rule-names.ts';
import { isFlagged } from '../sweep-tally.ts';
import { flaggedCard } from './flagged-card.ts';
import { SignerCounts } from './signer-counts.ts';

/** Flagged records and look-alikes in full; the rest is counted. A card takes 3 to 6 kB of the page and of memory. */
export const MOST_CARDS = 2000;
/** Paths that are listed for one reason. */
export const MOST_PROBLEMS = 100;
/** Bytes of cards: names in a file can make one as long as they like. */
const MOST_CARD_BYTES = 24 * 1024 * 1024;

export interface RuleHits {
  readonly id: string;
  records: number;
  trusted: number;
  running: number;
}

/** What the page is made of, gathered while the sweep runs, in memory that does not grow with it. */
export class ReportContent {
  readonly signers = new SignerCounts();
  readonly statuses = new Map<SignatureStatus, number>();
  readonly rules = new Map<string, RuleHits>();
  readonly problems = new Map<ProblemReason, Problem[]>();
  flagged = 0;
  /** Paths: a file can carry several flagged signatures, which come one after the other. */
  flaggedFiles = 0;
  /** Flagged and broken or not trusted: a name that anybody can write. */
  flaggedNotTrusted = 0;
  flaggedRunning = 0;
  /** Records of files that are not flagged but claim to be the tool of a rule. */
  lookAlikes = 0;
  lookAlikesRunning = 0;
  /** Whether anybody asked what runs. */
  hasLiveContext = false;
  readonly names: RuleNames;
  readonly #cards: Card[] = [];
  #cardBytes = 0;
  #lastFlagged = '';

  constructor(names: RuleNames) {
    this.names = names;
  }

  record(record: FileCertificateRecord): void {
    const status = record.SignatureStatus as SignatureStatus;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.signers.add(record);
    if (isFlagged(record)) this.#addFlagged(record);
    else if (isLookAlike(record)) this.#addLookAlike(record);
  }

  problem(problem: Problem): void {
    const known = this.problems.get(problem.reason);
    if (known === undefined) this.problems.set(problem.reason, [problem]);
    else if (known.length < MOST_PROBLEMS) known.push(problem);
  }

  /** What runs first, flagged before look-alikes, then by path: the walk's own order means nothing. */
  cards(): Html[] {
    return [...this.#cards].sort(inReadingOrder).map(({ markup }) => markup);
  }

  #addFlagged(record: FileCertificateRecord): void {
    const isRunning = hasElements(record.RunningProcesses);
    const path = recordPath(record);
    this.flagged += 1;
    if (path !== this.#lastFlagged) this.flaggedFiles += 1;
    this.#lastFlagged = path;
    if (record.RunningProcesses !== null) this.hasLiveContext = true;
    if (record.IsTrusted === false) this.flaggedNotTrusted += 1;
    if (isRunning) this.flaggedRunning += 1;
    for (const id of Array.isArray(record.Rules) ? record.Rules : []) {
      const hits = this.#hitsOf(`${id}`);
      hits.records += 1;
      if (record.IsTrusted) hits.trusted += 1;
      if (isRunning) hits.running += 1;
    }
    this.#addCard(record);
  }

  /** Told apart from the flagged ones in every count. */
  #addLookAlike(record: FileCertificateRecord): void {
    this.lookAlikes += 1;
    if (record.RunningProcesses !== null) this.hasLiveContext = true;
    if (hasElements(record.RunningProcesses)) this.lookAlikesRunning += 1;
    this.#addCard(record);
  }

  #addCard(record: FileCertificateRecord): void {
    if (this.#cards.length >= MOST_CARDS || this.#cardBytes >= MOST_CARD_BYTES) return;
    const markup = flaggedCard(record, this.names);
    this.#cardBytes += markup.markup.length;
    this.#cards.push({
      isRunning: hasElements(record.RunningProcesses),
      isLookAlike: isLookAlike(record),
      path: recordPath(record),
      markup,
    });
  }

  #hitsOf(id: string): RuleHits {
    const hits = this.rules.get(id) ?? { id, records: 0, trusted: 0, running: 0 };
    this.rules.set(id, hits);
    return hits;
  }
}

interface Card {
  readonly isRunning: boolean;
  readonly isLookAlike: boolean;
  readonly path: string;
  readonly markup: Html;
}

function inReadingOrder(a: Card, b: Card): number {
  if (a.isRunning !== b.isRunning) return a.isRunning ? -1 : 1;
  if (a.isLookAlike !== b.isLookAlike) return a.isLookAlike ? 1 : -1;
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

function hasElements(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
