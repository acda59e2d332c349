import { formatDatetime, parseDatetime } from '../../parsers/record/datetime.ts';
import {
  type ApprovalText,
  type DeviceScope,
  latestExpiry,
  MOST_DAYS,
  type ProcessCondition,
} from './approval.ts';
import { ApprovalError, Fields, type Place } from './approval-fields.ts';
import { isCatchAll } from './match-glob.ts';
import { pathParts } from './path-parts.ts';
import { isProtected, literalStart } from './protected-folder.ts';

const MEMBERS = [
  ...['id', 'tool', 'signers', 'thumbprints', 'paths', 'sha256', 'devices', 'processes'],
  ...['owner', 'reason', 'ticket', 'expires'],
];

const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const TICKS_A_DAY = 864_000_000_000n;

/**
 * An approval from plain values, of YAML or JSON. Throws ApprovalError where something is missing, unknown or too wide: what
 * could never hold, or would hold for everything, is refused here and not met by surprise later.
 */
export function readApproval(value: unknown, place: Place): ApprovalText {
  const fields = new Fields(value, place, MEMBERS);
  const approval: ApprovalText = {
    id: fields.text('id'),
    tool: fields.text('tool'),
    signers: fields.texts('signers'),
    thumbprints: fields.texts('thumbprints').map((each) => each.toLowerCase()),
    paths: fields.texts('paths'),
    sha256: fields.texts('sha256').map((each) => each.toLowerCase()),
    devices: readScope(fields.value('devices'), [...place, 'devices']),
    processes: fields
      .list('processes')
      .map((each, index) => readProcess(each, [...place, 'processes', index])),
    owner: fields.text('owner'),
    reason: fields.text('reason'),
    ticket: fields.text('ticket'),
    expires: readExpires(fields.text('expires'), [...place, 'expires']),
  };
  if (!ID.test(approval.id))
    throw new ApprovalError([...place, 'id'], 'takes a-z 0-9 . _ -, at most 64 of them');
  checkSigners(approval, place);
  checkPlaces(approval, place);
  return approval;
}

/** Refuses an expiry that is over, or further away than an approval of `approvedAt` may last. */
export function checkExpiry({ expires }: ApprovalText, approvedAt: bigint, place: Place): void {
  const at = [...place, 'expires'];
  if (expires <= approvedAt) throw new ApprovalError(at, 'is over already');
  if (expires > latestExpiry(approvedAt)) {
    const latest = formatDatetime(latestExpiry(approvedAt));
    const message = `is more than ${MOST_DAYS} days away: ${latest} is the latest`;
    throw new ApprovalError(at, message);
  }
}

function readScope(value: unknown, place: Place): DeviceScope {
  const fields = new Fields(value ?? {}, place, ['ids', 'names', 'groups']);
  const ids = fields.texts('ids').map((each) => each.toLowerCase());
  const names = fields.texts('names');
  const groups = fields.texts('groups');
  if (ids.length + names.length + groups.length === 0)
    throw new ApprovalError(place, 'names no device: ids, names or groups are needed');
  checkHex(ids, 40, [...place, 'ids'], 'DeviceId');
  for (const [list, globs] of [
    ['names', names],
    ['groups', groups],
  ] as const)
    for (const [index, glob] of globs.entries())
      if (isCatchAll(glob))
        throw new ApprovalError([...place, list, index], `${glob} is every device: name which`);
  return { ids, names, groups };
}

function readProcess(value: unknown, place: Place): ProcessCondition {
  const fields = new Fields(value, place, ['name', 'parent']);
  if (!fields.has('name') && !fields.has('parent'))
    throw new ApprovalError(place, 'names no process: name or parent is needed');
  return {
    ...(fields.has('name') && { name: fields.text('name') }),
    ...(fields.has('parent') && { parent: fields.text('parent') }),
  };
}

/** A date and time with its zone, or a day, of which the end in UTC is meant. */
function readExpires(text: string, place: Place): bigint {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const ticks = parseDatetime(isDay ? `${text}T00:00:00Z` : text);
  if (ticks === undefined)
    throw new ApprovalError(place, 'takes a day as 2026-12-31 or a time as 2026-12-31T18:00:00Z');
  return isDay ? ticks + TICKS_A_DAY : ticks;
}

function checkSigners({ signers, thumbprints }: ApprovalText, place: Place): void {
  if (signers.length + thumbprints.length === 0)
    throw new ApprovalError(place, 'names no signer: signers or thumbprints are needed');
  for (const [index, signer] of signers.entries())
    if (/[*?]/.test(signer))
      throw new ApprovalError(
        [...place, 'signers', index],
        'is an exact name: * and ? say nothing',
      );
  checkHex(thumbprints, 40, [...place, 'thumbprints'], 'SHA-1 thumbprint');
}

function checkPlaces({ paths, sha256 }: ApprovalText, place: Place): void {
  if (paths.length + sha256.length === 0)
    throw new ApprovalError(
      place,
      'approves a signer wherever its files are: paths or sha256 are needed, too',
    );
  checkHex(sha256, 64, [...place, 'sha256'], 'SHA-256');
  for (const [index, glob] of paths.entries()) {
    const at = [...place, 'paths', index];
    const parts = pathParts(glob);
    if (!parts || /[*?]/.test(parts.segments[0] ?? '')) throw new ApprovalError(at, PATH_WORDS);
    if (sha256.length === 0 && !isProtected(literalStart(parts)))
      throw new ApprovalError(
        at,
        'covers folders that users may write to: name sha256 too, or a folder in Program Files or Windows',
      );
  }
}

const PATH_WORDS =
  'takes a whole path such as C:\\Program Files\\TightVNC\\*.exe, with * within a name and ** for any folders, no . or ..';

function checkHex(values: readonly string[], digits: number, place: Place, what: string): void {
  for (const [index, value] of values.entries())
    if (value.length !== digits || !/^[0-9a-f]*$/.test(value))
      throw new ApprovalError([...place, index], `is no ${what} in ${digits} hex digits`);
}
