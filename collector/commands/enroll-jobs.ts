import { printable } from '../../parsers/record/printable.ts';
import type { AuditEventName } from '../doors/audit-event.ts';
import type { Doors } from '../doors/doors.ts';
import { tokenId } from '../doors/token.ts';
import type { TokenPurpose } from '../doors/write-token.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from './duration.ts';
import type { EnrollOptions } from './enroll.ts';

/** Where a job works. What it did is told to the audit log. */
export interface EnrollDesk {
  readonly doors: Doors;
  readonly audit: (event: AuditEventName, what: string) => void;
}

/** One thing that `enroll` does. It is made, and its options are checked, before anything is opened. */
export type Job = (desk: EnrollDesk) => void;

/** Uses of one key: a roll-out to more devices than this takes several. */
const MAX_USES = 100_000;
const DEFAULT_USES = '1';
const DEFAULT_VALID = '1h';
/** Days that the token of a reader or an operator may be good for, where it has an end. */
const MAX_PERSON_DAYS = 366;
const DEFAULT_OVERLAP = '1h';
const MAX_NAME = 255;

export function addDevice(deviceId: string, { deviceName, replace = false }: EnrollOptions): Job {
  if (!/^[0-9a-f]{40}$/.test(deviceId))
    throw new UsageError(
      `--device-id takes the 40 lower-case hex digits of the agent's DeviceId, not ${deviceId}`,
    );
  const name = deviceName === undefined ? '' : checkName(deviceName, '--device-name');
  return (desk) => {
    const known = desk.doors.list().some((token) => token.deviceId === deviceId);
    if (known && !replace)
      throw new UsageError(
        `device ${deviceId} is enrolled already, or was: --replace ends its token and makes a new one`,
      );
    const purpose = { kind: 'device', deviceId, name } as const;
    make(desk, purpose, `of device ${deviceId}: the agent reads it with --token-file`);
  };
}

export function addKey({ uses, valid, replace = false }: EnrollOptions): Job {
  const usesLeft = Number(uses ?? DEFAULT_USES);
  if (!Number.isInteger(usesLeft) || usesLeft < 1 || usesLeft > MAX_USES)
    throw new UsageError(`--uses takes a number from 1 to ${MAX_USES}, not ${uses}`);
  const expiresTime = Date.now() + parseDuration(valid ?? DEFAULT_VALID, '--valid');
  const purpose = { kind: 'key', usesLeft, mayReplace: replace, expiresTime } as const;
  const often = usesLeft === 1 ? 'once' : `${usesLeft} times`;
  const what = `: an enrolment key for certsweep enroll, good ${often} and ${until(expiresTime)}`;
  const also = replace ? '; it may take over devices that are enrolled already' : '';
  return (desk) => make(desk, purpose, what + also);
}

/** Without --valid such a token is good until it is revoked. */
export function addPerson(
  kind: 'reader' | 'operator',
  name: string,
  { valid }: EnrollOptions,
): Job {
  const purpose = { kind, name: checkName(name, `--${kind}`) };
  if (valid === undefined) return (desk) => make(desk, purpose, `of ${kind} ${printable(name)}`);
  const expiresTime = Date.now() + parseDuration(valid, '--valid', MAX_PERSON_DAYS);
  const what = `of ${kind} ${printable(name)}, good ${until(expiresTime)}`;
  return (desk) => make(desk, { ...purpose, expiresTime }, what);
}

export function rotateToken(id: string, options: EnrollOptions): Job {
  checkId(id, '--rotate');
  const overlap = parseDuration(options.overlap ?? DEFAULT_OVERLAP, '--overlap');
  return ({ doors, audit }) => {
    const result = doors.rotate(id, overlap);
    switch (result.kind) {
      case 'unknown':
        throw unknownToken(id);
      case 'not-rotated':
        throw new UsageError(`token ${id} is not rotated: ${result.because}`);
      case 'rotated': {
        const what = `in place of ${id}, which is good ${until(result.until)}`;
        audit('rotated', `made token ${tokenId(result.token)} ${what}`);
        print(result.token, what);
      }
    }
  };
}

export function revokeToken(id: string): Job {
  checkId(id, '--revoke');
  return ({ doors, audit }) => {
    if (!doors.revoke(id)) throw unknownToken(id);
    audit('revoked', `revoked token ${id}`);
    process.stderr.write(`token ${id} is revoked\n`);
  };
}

function checkId(id: string, option: string): void {
  if (tokenId(id) !== undefined)
    throw new UsageError(`${option} takes the id of the token, the 16 hex digits within it`);
}

function checkName(name: string, option: string): string {
  if (name !== '' && name.length <= MAX_NAME) return name;
  throw new UsageError(`${option} takes a name of 1 to ${MAX_NAME} characters`);
}

function unknownToken(id: string): UsageError {
  return new UsageError(`there is no token with id ${id}: enroll --list shows them`);
}

function until(time: number): string {
  return `until ${new Date(time).toISOString()}`;
}

function make({ doors, audit }: EnrollDesk, purpose: TokenPurpose, what: string): void {
  const text = doors.add(purpose);
  audit('made', `made token ${tokenId(text)} ${what}`);
  print(text, what);
}

function print(text: string, what: string): void {
  process.stderr.write(
    `token ${tokenId(text)} ${what}\nIt is a secret and is not shown again: keep it in a file that only its user can read.\n`,
  );
  process.stdout.write(`${text}\n`);
}
