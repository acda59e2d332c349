import type { DatabaseSync } from 'node:sqlite';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { MatchGrade } from '../../parsers/rules/match-grade.ts';
import type { Judgement } from '../approvals/judgement.ts';
import { findingFromText } from './finding-text.ts';

export const FINDING_STATES = ['approved', 'unapproved'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export interface FindingFilter {
  readonly state?: FindingState | undefined;
  /** Id of a rule. */
  readonly rule?: string | undefined;
  readonly deviceId?: string | undefined;
  /** `key` of the last of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A finding as runs keep it. Times are ISO 8601; null where it has not happened. */
export interface ListedFinding {
  readonly key: string;
  readonly state: FindingState;
  readonly grade: MatchGrade;
  readonly rule: string;
  readonly ruleName: string;
  readonly tool: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly path: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly signer: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly lastReceived: string;
  readonly approvalId: string | null;
  /** Why it is approved, or why not. */
  readonly reason: string;
  readonly refusals: readonly string[];
  readonly found: string;
  readonly firstNotified: string | null;
  readonly lastNotified: string | null;
  /** Notices that were made of it. */
  readonly notices: number;
}

/** By key; a page is full where there may be more. */
export function listFindings(db: DatabaseSync, filter: FindingFilter): readonly ListedFinding[] {
  const { state, rule, deviceId, after = '', limit } = filter;
  return db
    .prepare(
      `SELECT * FROM finding WHERE key > :after AND (:state IS NULL OR state = :state)
        AND (:rule IS NULL OR rule = :rule) AND (:deviceId IS NULL OR deviceId = :deviceId) ORDER BY key LIMIT :limit`,
    )
    .all({ after, limit, state: state ?? null, rule: rule ?? null, deviceId: deviceId ?? null })
    .map(toListed);
}

function toListed(row: Readonly<Record<string, unknown>>): ListedFinding {
  const finding = findingFromText(String(row.body));
  const judgement = JSON.parse(String(row.judgement)) as Judgement;
  const { grade, rule, ruleName, tool, deviceId, deviceName, path, sha1, sha256, signer } = finding;
  return {
    ...{ key: String(row.key), state: judgement.state, grade, rule, ruleName, tool },
    ...{ deviceId, deviceName, path, sha1, sha256, signer },
    firstSeen: formatDatetime(finding.firstSeen),
    lastSeen: formatDatetime(finding.lastSeen),
    lastReceived: formatDatetime(finding.lastReceived),
    ...{ approvalId: judgement.approvalId, reason: judgement.words, refusals: judgement.refusals },
    found: new Date(Number(row.found)).toISOString(),
    firstNotified: isoOrNull(row.firstNotified),
    lastNotified: isoOrNull(row.lastNotified),
    notices: Number(row.notices),
  };
}

function isoOrNull(time: unknown): string | null {
  return time === null ? null : new Date(Number(time)).toISOString();
}
