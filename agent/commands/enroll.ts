import { printableLines } from '../../parsers/record/printable.ts';
import { identifyDevice } from '../device.ts';
import { CommandError, exitStatus } from '../exit-status.ts';
import { collectorAddress, refuseClearText } from '../ship/collector-address.ts';
import { type Answer, CollectorClient } from '../ship/collector-client.ts';
import { isToken, NewTokenFile, readToken } from '../ship/token-file.ts';
import { whatItSaid, whyNoAnswer } from '../ship/verdict.ts';

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
  refuseClearText(address.url, '--key-file: the enrolment key');
  const key = readToken(options.keyFile);
  const device = await identifyDevice({ id: options.deviceId, name: options.deviceName });
  const file = new NewTokenFile(options.tokenFile);
  const client = new CollectorClient(address);
  try {
    const body = JSON.stringify({ deviceId: device.id, deviceName: device.name });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const answer = await client.post('/v1/enroll', headers, body);
    file.commit(tokenIn(answer, address.url));
  } finally {
    file.close();
    await client.close();
  }
  const done = `enrolled ${device.name} (${device.id}); its token is in ${options.tokenFile}`;
  process.stderr.write(`certsweep: ${printableLines(done)}\n`);
  return exitStatus.done;
}

/** Throws CommandError for any answer without a token, and never shows one. */
function tokenIn(answer: Answer, { href }: URL): string {
  if (answer.kind === 'none') throw new CommandError(`${href}: ${whyNoAnswer(answer).why}`);
  const { status, text } = answer;
  if (status !== 200)
    throw new CommandError(
      `${href}: answered ${status}: ${whatItSaid(text)}${REMEDY[status] ?? ''}`,
    );
  const token = parsedToken(text);
  if (token === undefined)
    throw new CommandError(`${href}: answered without a token; is that a collector's address?`);
  return token;
}

const REMEDY: Readonly<Record<number, string>> = {
  401: '. The key is unknown, used up or expired: make a new one with certsweep-collector enroll --key',
  404: '. This collector does not enrol devices, or the address is not its own',
};

function parsedToken(text: string): string | undefined {
  try {
    const { token } = JSON.parse(text) as { token?: unknown };
    return typeof token === 'string' && isToken(token) ? token : undefined;
  } catch {
    return undefined; // not JSON, or null: somebody else's answer
  }
}
