import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { printable } from '../../parsers/record/printable.ts';
import { AuditLog } from '../doors/audit-log.ts';
import { Doors } from '../doors/doors.ts';
import { doorsFile } from '../doors/open-doors.ts';
import { databaseFile } from '../store/sqlite/open-database.ts';
import { UsageError } from '../usage-error.ts';
import {
  addDevice,
  addKey,
  addPerson,
  type EnrollDesk,
  type Job,
  revokeToken,
  rotateToken,
} from './enroll-jobs.ts';
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
  readonly operator?: string;
  readonly list?: boolean;
  readonly rotate?: string;
  readonly overlap?: string;
  readonly revoke?: string;
}

/** `enroll`: makes one token and prints it alone on stdout, so that it can be piped; or lists or ends tokens. */
export function enroll(options: EnrollOptions): void {
  const job = chooseJob(options);
  const makes = !options.list && options.revoke === undefined && options.rotate === undefined;
  if (!makes && !existsSync(doorsFile(options.data)))
    throw new UsageError(`no token has been made in ${options.data}: check --data`);
  if (!existsSync(databaseFile(options.data)))
    process.stderr.write(`no collector has served ${printable(options.data)} yet: check --data\n`);
  const doors = new Doors(options.data, Date.now);
  try {
    job({ doors, audit: auditOf(options.data) });
  } finally {
    doors.close();
  }
}

/** Told before a token is shown: where it cannot be written, nobody gets one. */
function auditOf(dataFolder: string): EnrollDesk['audit'] {
  const log = new AuditLog(dataFolder, { rotates: false });
  const address = `user ${userInfo().username}`;
  return (event, what) => {
    try {
      log.write({ time: new Date().toISOString(), event, address, what });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`the audit log cannot be written, so no token is shown: ${reason}`);
    }
  };
}

function chooseJob(options: EnrollOptions): Job {
  const { deviceId, key, reader, operator, list, rotate, revoke } = options;
  const jobs: readonly (Job | undefined | false)[] = [
    deviceId !== undefined && addDevice(deviceId, options),
    key && addKey(options),
    reader !== undefined && addPerson('reader', reader, options),
    operator !== undefined && addPerson('operator', operator, options),
    list && (({ doors }) => void process.stdout.write(tokenList(doors.list(), Date.now()))),
    rotate !== undefined && rotateToken(rotate, options),
    revoke !== undefined && revokeToken(revoke),
  ];
  const [job, other] = jobs.filter((each) => each !== false && each !== undefined);
  if (!job || other)
    throw new UsageError(
      'enroll takes one of --device-id HEX, --key, --reader NAME, --operator NAME, --list, --rotate ID and --revoke ID',
    );
  if (!key && options.uses !== undefined)
    throw new UsageError('--uses is for enrolment keys: add --key');
  if (!key && (reader ?? operator) === undefined && options.valid !== undefined)
    throw new UsageError('--valid belongs to --key, --reader or --operator');
  if (!key && deviceId === undefined && options.replace)
    throw new UsageError('--replace belongs to --key or --device-id');
  if (deviceId === undefined && options.deviceName !== undefined)
    throw new UsageError('--device-name belongs to --device-id');
  if (rotate === undefined && options.overlap !== undefined)
    throw new UsageError('--overlap belongs to --rotate');
  return job;
}
