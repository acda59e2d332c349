import { existsSync } from 'node:fs';
import { printable } from '../../parsers/record/printable.ts';
import { Doors } from '../doors/doors.ts';
import { doorsFile } from '../doors/open-doors.ts';
import { tokenId } from '../doors/token.ts';
import type { TokenPurpose } from '../doors/write-token.ts';
import { databaseFile } from '../store/sqlite/open-database.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from './duration.ts';
import { tokenList } from './token-list.ts';

export interface EnrollOptions {
  readonly data: string;
  readonly deviceId?: string;
  readonly deviceName?: string;
  readonly key?: boolean;
  readonly uses?: string;
  readonly valid?: string;
  readonly replace?: boolean;
  readonly reader?: string;
  readonly list?: boolean;
  readonly revoke?: string;
}

/** Uses of one key: a roll-out to more devices than this takes several. */
const MAX_USES = 100_000;
const DEFAULT_USES = '1';
const DEFAULT_VALID = '1h';
const MAX_NAME = 255;

/** `enroll`: makes one token and prints it alone on stdout, so that it can be piped; or lists or ends tokens. */
export function enroll(options: EnrollOptions): void {
  const job = chooseJob(options);
  if ((options.list || options.revoke !== undefined) && !existsSync(doorsFile(options.data)))
    throw new UsageError(`no token has been made in ${options.data}: check --data`);
  if (!existsSync(databaseFile(options.data)))
    process.stderr.write(`no collector has served ${printable(options.data)} yet: check --data\n`);
  const doors = new Doors(options.data, Date.now);
  try {
    job(doors);
  } finally {
    doors.close();
  }
}

type Job = (doors: Doors) => void;

function chooseJob(options: EnrollOptions): Job {
  const { deviceId, key, reader, list, revoke } = options;
  const jobs: readonly (Job | undefined | false)[] = [
    deviceId !== undefined && addDevice(deviceId, options),
    key && addKey(options),
    reader !== undefined && addReader(reader),
    list && ((doors) => process.stdout.write(tokenList(doors.list(), Date.now()))),
    revoke !== undefined && revokeToken(revoke),
  ];
  const [job, other] = jobs.filter((each) => each !== false && each !== undefined);
  if (!job || other)
    throw new UsageError(
      'enroll takes one of --device-id HEX, --key, --reader NAME, --list and --revoke ID',
    );
  if (!key && (options.uses ?? options.valid) !== undefined)
    throw new UsageError('--uses and --valid are for enrolment keys: add --key');
  if (!key && deviceId === undefined && options.replace)
    throw new UsageError('--replace belongs to --key or --device-id');
  if (deviceId === undefined && options.deviceName !== undefined)
    throw new UsageError('--device-name belongs to --device-id');
  return job;
}

function addDevice(deviceId: string, { deviceName, replace = false }: EnrollOptions): Job {
  if (!/^[0-9a-f]{40}$/.test(deviceId))
    throw new UsageError(
      `--device-id takes the 40 lower-case hex digits of the agent's DeviceId, not ${deviceId}`,
    );
  const name = deviceName === undefined ? '' : checkName(deviceName, '--device-name');
  return (doors) => {
    const known = doors.list().some((token) => token.deviceId === deviceId);
    if (known && !replace)
      throw new UsageError(
        `device ${deviceId} is enrolled already, or was: --replace ends its token and makes a new one`,
      );
    const purpose = { kind: 'device', deviceId, name } as const;
    print(doors, purpose, `of device ${deviceId}: the agent reads it with --token-file`);
  };
}

function addKey({ uses, valid, replace = false }: EnrollOptions): Job {
  const usesLeft = Number(uses ?? DEFAULT_USES);
  if (!Number.isInteger(usesLeft) || usesLeft < 1 || usesLeft > MAX_USES)
    throw new UsageError(`--uses takes a number from 1 to ${MAX_USES}, not ${uses}`);
  const expiresTime = Date.now() + parseDuration(valid ?? DEFAULT_VALID, '--valid');
  const purpose = { kind: 'key', usesLeft, mayReplace: replace, expiresTime } as const;
  const often = usesLeft === 1 ? 'once' : `${usesLeft} times`;
  const until = new Date(expiresTime).toISOString();
  const what = `: an enrolment key for certsweep enroll, good ${often} and until ${until}`;
  const also = replace ? '; it may take over devices that are enrolled already' : '';
  return (doors) => print(doors, purpose, what + also);
}

function addReader(reader: string): Job {
  const name = checkName(reader, '--reader');
  return (doors) => print(doors, { kind: 'reader', name }, `of reader ${printable(name)}`);
}

function revokeToken(id: string): Job {
  if (tokenId(id) !== undefined)
    throw new UsageError('--revoke takes the id of the token, the 16 hex digits within it');
  return (doors) => {
    if (!doors.revoke(id))
      throw new UsageError(`there is no token with id ${id}: enroll --list shows them`);
    process.stderr.write(`token ${id} is revoked\n`);
  };
}

function checkName(name: string, option: string): string {
  if (name !== '' && name.length <= MAX_NAME) return name;
  throw new UsageError(`${option} takes a name of 1 to ${MAX_NAME} characters`);
}

function print(doors: Doors, purpose: TokenPurpose, what: string): void {
  const text = doors.add(purpose);
  process.stderr.write(
    `token ${tokenId(text)} ${what}\nIt is a secret and is not shown again: keep it in a file that only its user can read.\n`,
  );
  process.stdout.write(`${text}\n`);
}
