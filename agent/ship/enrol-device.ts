import type { Device } from '../device.ts';
import { CommandError } from '../exit-status.ts';
import { type CollectorAddress, refuseClearText } from './collector-address.ts';
import { type Answer, CollectorClient } from './collector-client.ts';
import { isToken, NewTokenFile, readToken } from './token-file.ts';
import { whatItSaid, whyNoAnswer } from './verdict.ts';

export interface Enrolment {
  readonly address: CollectorAddress;
  /** Holds the enrolment key. */
  readonly keyFile: string;
  /** Gets the token. */
  readonly tokenFile: string;
  readonly device: Device;
}

/**
 * Trades an enrolment key for this device's token, which goes into its file and nowhere else. Throws CommandError, which says
 * what to do.
 */
export async function enrolDevice({
  address,
  keyFile,
  tokenFile,
  device,
}: Enrolment): Promise<void> {
  refuseClearText(address.url, '--key-file: the enrolment key');
  const key = readToken(keyFile);
  const file = new NewTokenFile(tokenFile);
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
