import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { readContacts } from '../health/contacts.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import {
  type CertificateFiles,
  checkAuthority,
  checkCertificate,
  selfMadeFiles,
} from './check-certificate.ts';
import { checkDatabase } from './check-database.ts';
import { checkDevices } from './check-devices.ts';
import { checkFiles } from './check-files.ts';
import { checkClock, checkDisk, checkLock } from './check-host.ts';
import { checkHunts } from './check-hunts.ts';
import { checkTokens } from './check-tokens.ts';
import type { Finding } from './finding.ts';

/**
 * Looks at everything in a data folder that can be wrong, beside a collector that may be serving it. A token list of an older
 * version is brought to ours; nothing else is changed.
 * `given`: the files of --tls-cert and --tls-key, where serve has those. `nowMs`: milliseconds since 1970.
 */
export async function examine(
  dataFolder: string,
  given: CertificateFiles | undefined,
  nowMs: number,
): Promise<readonly Finding[]> {
  const now = new Date(nowMs);
  const certificate = given ?? selfMadeFiles(dataFolder);
  const { findings, status } = checkDatabase(dataFolder);
  return [
    ...checkFiles(dataFolder),
    checkLock(dataFolder),
    checkDisk(dataFolder),
    ...findings,
    ...checkTokens(dataFolder, nowMs),
    ...checkHunts(dataFolder, nowMs),
    ...(certificate ? [checkCertificate(certificate, now)] : []),
    ...(given ? [] : checkAuthority(dataFolder, now)),
    ...(status ? await checkFleet(dataFolder, status, nowMs) : []),
  ];
}

async function checkFleet(
  dataFolder: string,
  status: Parameters<typeof checkClock>[0],
  nowMs: number,
): Promise<readonly Finding[]> {
  const store = await SqliteStore.open(dataFolder, 'read');
  try {
    const contacts = await readContacts(store, ticksFromUnixMs(nowMs));
    return [checkClock(status, contacts.skews, nowMs), checkDevices(contacts)];
  } finally {
    await store.close();
  }
}
