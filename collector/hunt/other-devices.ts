import type { Scalar } from '../../parsers/kql/plan.ts';
import { type Asked, ask, textOf, ticksOf } from './ask.ts';
import { equals, isIn, not, summarize, table, where } from './plan-parts.ts';

/** Devices beside one that hold a file, at any time that the store still knows. */
export interface OtherDevices {
  readonly count: number;
  /** The names of some of them. */
  readonly names: readonly string[];
}

/** Hashes that one question may name. */
const MOST_IN_ONE = 500;
/** Names that are told of each file. */
const MOST_NAMES = 10;

/** By SHA-1. `conditions` are those of the rule: what matched on one device matches on the others. */
export async function readOtherDevices(
  asked: Asked,
  deviceId: string,
  sha1s: readonly string[],
  conditions: readonly Scalar[],
): Promise<ReadonlyMap<string, OtherDevices>> {
  const others = new Map<string, OtherDevices>();
  const records = table('AgentFileCertificateInfo');
  const elsewhere = not(equals(records, 'DeviceId', deviceId));
  const aggregates = [
    ['Devices', 'dcount', 'DeviceId'],
    ['Names', 'make_set', 'DeviceName', MOST_NAMES],
  ] as const;
  for (let start = 0; start < sha1s.length; start += MOST_IN_ONE) {
    const some = sha1s.slice(start, start + MOST_IN_ONE);
    const copies = where(records, ...conditions, isIn(records, 'SHA1', some), elsewhere);
    for (const { SHA1, Devices, Names } of await ask(
      asked,
      summarize(copies, aggregates, ['SHA1']),
    ))
      others.set(textOf(SHA1), { count: Number(ticksOf(Devices)), names: texts(Names) });
  }
  return others;
}

function texts(cell: unknown): readonly string[] {
  return Array.isArray(cell) ? cell.filter((each) => typeof each === 'string') : [];
}
