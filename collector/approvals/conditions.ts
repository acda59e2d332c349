import { foldCase } from '../../parsers/kql/fold-case.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { Finding, FindingProcess } from '../findings/finding.ts';
import { type Approval, latestExpiry, type ProcessCondition } from './approval.ts';
import type { Refusal } from './judgement.ts';
import { matchesGlob, matchesSegments } from './match-glob.ts';
import { pathParts } from './path-parts.ts';
import { isProtected } from './protected-folder.ts';

/** One condition of an approval that a finding does not meet. */
export interface Failure {
  readonly refusal: Refusal;
  /** Goes on from "approval ID ...". */
  readonly words: string;
}

/** Characters of a path or a name that a sentence quotes. */
const MOST_QUOTED = 300;

/** Whether an approval speaks of a finding's tool at all. */
export function isFor(
  { tool }: Approval,
  { tool: found, rule, ruleName }: Pick<Finding, 'tool' | 'rule' | 'ruleName'>,
): boolean {
  return [found, rule, ruleName].some((name) => isSame(name, tool));
}

/** What is wrong with the approval itself: of it no finding is approved. */
export function lapse(approval: Approval, now: bigint): Failure | undefined {
  const { withdrawn, expires, approvedAt } = approval;
  if (withdrawn) {
    const when = formatDatetime(withdrawn.at);
    return { refusal: 'withdrawn', words: `was withdrawn on ${when} by ${withdrawn.by}` };
  }
  const end = expires < latestExpiry(approvedAt) ? expires : latestExpiry(approvedAt);
  return end <= now
    ? { refusal: 'expired', words: `expired on ${formatDatetime(end)}` }
    : undefined;
}

/** What of its file, its device and its processes an approval does not cover, the weightiest first. */
export function unmet(approval: Approval, finding: Finding): readonly Failure[] {
  return [
    deviceFailure(approval, finding),
    signerFailure(approval, finding),
    ...placeFailures(approval, finding),
    processFailure(approval, finding),
  ].filter((failure) => failure !== undefined);
}

function deviceFailure({ devices }: Approval, finding: Finding): Failure | undefined {
  const { deviceId, deviceName, machineGroup } = finding;
  const name = foldCase(deviceName.trim());
  const isInScope =
    devices.ids.includes(deviceId) ||
    devices.names.some((glob) => matchesGlob(foldCase(glob), name)) ||
    (machineGroup !== '' && devices.groups.some((group) => isSame(group, machineGroup)));
  if (isInScope) return undefined;
  return { refusal: 'other-device', words: `is not for device ${quoted(deviceName || deviceId)}` };
}

function signerFailure(
  { signers, thumbprints }: Approval,
  { signer, signerHash }: Finding,
): Failure | undefined {
  if (signers.length > 0 && !signers.some((each) => isSame(each, signer)))
    return {
      refusal: 'other-signer',
      words: `is not for the signer ${quoted(signer || 'nobody')}`,
    };
  if (thumbprints.length > 0 && !thumbprints.includes(signerHash))
    return {
      refusal: 'other-signer',
      words: `is not for the signer's certificate ${quoted(signerHash || 'which is not told')}`,
    };
  return undefined;
}

/** A path alone speaks for a file only where users cannot put one. */
function placeFailures(
  { paths, sha256 }: Approval,
  { path, sha256: hash }: Finding,
): readonly (Failure | undefined)[] {
  const parts = pathParts(path);
  const isCovered =
    parts !== undefined &&
    paths.some((glob) => {
      const pattern = pathParts(glob);
      return pattern?.system === parts.system && matchesSegments(pattern.segments, parts.segments);
    });
  if (paths.length > 0 && !isCovered)
    return [{ refusal: 'other-path', words: `is not for the path ${quoted(path)}` }];
  if (sha256.length > 0)
    return sha256.includes(hash)
      ? []
      : [{ refusal: 'other-hash', words: `is not for a file of SHA-256 ${hash || 'unknown'}` }];
  if (parts !== undefined && isCovered && isProtected(parts)) return [];
  const words = `names no SHA-256, and users may write to where ${quoted(path)} is`;
  return [{ refusal: 'user-writable-path', words }];
}

function processFailure(
  { processes: conditions }: Approval,
  { processes }: Finding,
): Failure | undefined {
  if (conditions.length === 0) return undefined;
  if (processes === null)
    return {
      refusal: 'process-unknown',
      words: 'asks which process runs it, and the agent told none: it needs live context',
    };
  if (processes.length === 0)
    return { refusal: 'process-unknown', words: 'asks which process runs it, and none was seen' };
  const strange = processes.find((seen) => !conditions.some((each) => fits(each, seen)));
  if (!strange) return undefined;
  const isUnknown = conditions.some((condition) => lacks(condition, strange));
  const who = `${quoted(strange.name ?? 'unknown')}, started by ${quoted(strange.parentName ?? 'unknown')}`;
  return {
    refusal: isUnknown ? 'process-unknown' : 'other-process',
    words: `is not for the process ${who}`,
  };
}

function fits({ name, parent }: ProcessCondition, seen: FindingProcess): boolean {
  return isMet(name, seen.name) && isMet(parent, seen.parentName);
}

function isMet(wanted: string | undefined, seen: string | null): boolean {
  return wanted === undefined || (seen !== null && seen !== '' && isSame(wanted, seen));
}

/** Whether a field that the condition names is not known of the process. */
function lacks({ name, parent }: ProcessCondition, seen: FindingProcess): boolean {
  return (name !== undefined && !seen.name) || (parent !== undefined && !seen.parentName);
}

function isSame(one: string, other: string): boolean {
  return foldCase(one.trim()) === foldCase(other.trim());
}

function quoted(text: string): string {
  return text.length <= MOST_QUOTED ? text : `${text.slice(0, MOST_QUOTED)}...`;
}
