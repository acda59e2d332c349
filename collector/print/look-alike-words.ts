import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import type { JudgedFinding } from '../findings/judge-findings.ts';
import { counted } from '../hunt/reporting-words.ts';

/** Look-alikes that are named one by one; the rest are counted. */
const MOST_NAMED = 20;

/**
 * What is said apart of files that claim to be the tool: no row of the rule's answer counts them. Those by which alone the
 * name speaks come last.
 */
export function lookAlikeWords(
  lookAlikes: readonly JudgedFinding[],
  tool: string,
): readonly string[] {
  if (lookAlikes.length === 0) return [];
  const sorted = lookAlikes.toSorted((one, other) => rank(one) - rank(other));
  const devices = new Set(lookAlikes.map(({ deviceId }) => deviceId)).size;
  const claim = lookAlikes.length === 1 ? 'claims' : 'claim';
  const named = sorted.slice(0, MOST_NAMED).map(lineOf);
  const more = sorted.length - named.length;
  return [
    `Look-alikes: ${counted(lookAlikes.length, 'file')} on ${counted(devices, 'device')} ${claim} to be ${printable(tool)}, and the rule does not match (AgentFileCertificateInfo, column LookAlikes):`,
    ...named,
    ...(more > 0 ? [`  ... and ${more} more`] : []),
  ];
}

function rank({ grade }: JudgedFinding): number {
  return grade === 'name-only' ? 1 : 0;
}

function lineOf({
  deviceName,
  deviceId,
  path,
  grade,
  signer,
  sha256,
  sha1,
  lastSeen,
}: JudgedFinding) {
  const who = signer === '' ? 'signed by nobody' : `signed by ${signer}`;
  const hash = sha256 === '' ? `SHA-1 ${sha1}` : `SHA-256 ${sha256}`;
  const words = `${deviceName || deviceId}: ${path}: ${grade}, ${who}, last seen ${formatDatetime(lastSeen)}, ${hash}`;
  return `  ${printable(words)}`;
}
