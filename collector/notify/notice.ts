import { createHash } from 'node:crypto';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { Judgement } from '../approvals/judgement.ts';
import { type Finding, findingKey } from '../findings/finding.ts';

/** `approval-ended`: the finding was approved at the last run and is not any more. Stable: receivers look for these. */
export const NOTICE_EVENTS = ['new-finding', 'approval-ended'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** UTF-16 units of a text that a device wrote; more are cut off, and `shortened` names the field. */
const MOST_TEXT = 1_024;
const MOST_PATH = 4_096;

/** What a receiver is told. Times are UTC, texts are as the device wrote them: escape them before they are shown. */
export interface Notice {
  /** 32 hex digits. The same notice sent twice has the same: by it a receiver drops the second. */
  readonly id: string;
  readonly event: NoticeEvent;
  /** When it was decided. */
  readonly time: string;
  readonly rule: string;
  readonly ruleName: string;
  readonly tool: string;
  readonly grade: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly machineGroup: string;
  readonly path: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly signer: string;
  readonly signerHash: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly lastReceived: string;
  /** Why no approval holds, as a sentence. */
  readonly reason: string;
  /** The same as names. */
  readonly refusals: readonly string[];
  /** The approval that comes nearest; null where none is for this tool. */
  readonly closestApproval: string | null;
  /** Names of the fields above that were too long to be sent whole. */
  readonly shortened: readonly string[];
}

export interface NoticeFacts {
  readonly event: NoticeEvent;
  readonly finding: Finding;
  readonly judgement: Judgement;
  /** Notices of this finding before this one. */
  readonly before: number;
  /** 100 ns ticks. */
  readonly now: bigint;
}

/**
 * The notice of one finding. Its id follows from the finding and from how many notices it had, so that a run that is
 * repeated after a loss of power makes the same one.
 */
export function toNotice({ event, finding, judgement, before, now }: NoticeFacts): Notice {
  const shortened: string[] = [];
  const cut = (field: keyof Notice, text: string, most = MOST_TEXT) => {
    if (text.length <= most) return text;
    shortened.push(field);
    return text.slice(0, most).toWellFormed();
  };
  const { rule, grade, deviceId, sha1, sha256, signerHash } = finding;
  return {
    ...{ id: noticeId(finding, before), event, time: formatDatetime(now), rule },
    ruleName: cut('ruleName', finding.ruleName),
    tool: cut('tool', finding.tool),
    ...{ grade, deviceId },
    deviceName: cut('deviceName', finding.deviceName),
    machineGroup: cut('machineGroup', finding.machineGroup),
    path: cut('path', finding.path, MOST_PATH),
    ...{ sha1, sha256 },
    signer: cut('signer', finding.signer),
    signerHash,
    firstSeen: formatDatetime(finding.firstSeen),
    lastSeen: formatDatetime(finding.lastSeen),
    lastReceived: formatDatetime(finding.lastReceived),
    reason: cut('reason', judgement.words, MOST_PATH),
    refusals: judgement.refusals,
    closestApproval: judgement.closest,
    shortened,
  };
}

function noticeId(finding: Finding, before: number): string {
  const text = `${findingKey(finding)}\0${before}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
