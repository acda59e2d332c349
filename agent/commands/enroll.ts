import { printableLines } from '../../parsers/record/printable.ts';
import { identifyDevice } from '../device.ts';
import { exitStatus } from '../exit-status.ts';
import { collectorAddress } from '../ship/collector-address.ts';
import { enrolDevice } from '../ship/enrol-device.ts';

/** The options of `enroll` as commander gives them. */
export interface EnrollOptions {
  readonly collector: string;
  readonly keyFile: string;
  readonly tokenFile: string;
  readonly ca?: string;
  readonly deviceId?: string;
  readonly deviceName?: string;
}

/** Trades an enrolment key for this device's token, which goes into its file and nowhere else. Returns the exit status. */
export async function enroll(options: EnrollOptions): Promise<number> {
  const address = collectorAddress({ collector: options.collector, ca: options.ca });
  const { keyFile, tokenFile, deviceId, deviceName } = options;
  const device = await identifyDevice({ id: deviceId, name: deviceName });
  await enrolDevice({ address, keyFile, tokenFile, device });
  const done = `enrolled ${device.name} (${device.id}); its token is in ${tokenFile}`;
  process.stderr.write(`certsweep: ${printableLines(done)}\n`);
  return exitStatus.done;
}
