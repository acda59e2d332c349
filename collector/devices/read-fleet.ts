import type { TokenRow } from '../doors/token-row.ts';
import { type Asked, ask, textOf, ticksOf } from '../hunt/ask.ts';
import { isIn, summarize, table, where } from '../hunt/plan-parts.ts';
import { distinctNames, findCloneEvidence } from './clone-evidence.ts';
import type { DeviceView, StaleThing } from './device-view.ts';
import { type FleetSweeps, readFirstReceived, readSweeps } from './read-sweeps.ts';
import { findStale, type Held } from './stale.ts';
import { cutName } from './sweep-questions.ts';

/** Names of one device that are listed. */
const MOST_NAMES = 8;
/** Devices whose name is looked for in their records, which takes long where there are millions. */
const MOST_UNNAMED = 500;

/** What one question about the fleet costs at most. */
export const FLEET_LIMITS = { rows: 700_000, bytes: 128 * 1024 * 1024, milliseconds: 30_000 };

const SIGHTED = [
  ['Files', 'count'],
  ['Name', 'max', 'DeviceName'],
] as const;

export interface FleetOptions {
  /** A device of which nothing has come for longer is silent: 100 ns ticks. */
  readonly silentAfter: bigint;
  /** Every token that was made: enrolments tell names, and keys. */
  readonly tokens: readonly TokenRow[];
}

/** Every device that ever sent something, by DeviceId. */
export async function readFleet(
  asked: Asked,
  { silentAfter, tokens }: FleetOptions,
): Promise<readonly DeviceView[]> {
  const { now } = asked.run;
  const [contacts, flaggedFiles] = await Promise.all([
    ask(asked, table('AgentContactInfo')),
    ask(asked, summarize(table('AgentSightingInfo'), SIGHTED, ['DeviceId'])),
  ]);
  const ids = contacts.map(({ DeviceId }) => textOf(DeviceId));
  const sweeps = await readSweeps(asked, ids);
  const flagged = new Map(flaggedFiles.map((row) => [textOf(row.DeviceId), ticksOf(row.Files)]));
  const enrolments = enrolmentsOf(tokens);
  const sighted = new Map(flaggedFiles.map((row) => [textOf(row.DeviceId), cutName(row.Name)]));
  const named = (id: string) =>
    sweeps.last.get(id)?.name ||
    sweeps.names.get(id) ||
    enrolments.get(id)?.name ||
    sighted.get(id) ||
    '';
  const fromRecords = await namesInRecords(
    asked,
    ids.filter((id) => named(id) === ''),
  );
  const silent = new Set(
    contacts
      .filter(({ LastContact }) => now - ticksOf(LastContact) > silentAfter)
      .map(({ DeviceId }) => textOf(DeviceId)),
  );
  const stale = await readStale(asked, sweeps, silent);
  return contacts
    .map((contact): DeviceView => {
      const id = textOf(contact.DeviceId);
      const times = sweeps.times.get(id) ?? [];
      const name = named(id) || (fromRecords.get(id) ?? '');
      const names = times.length > 0 ? distinctNames(times) : [name];
      return {
        id,
        name,
        names: names.filter((each) => each !== '').slice(0, MOST_NAMES),
        firstContact: ticksOf(contact.FirstContact),
        lastContact: ticksOf(contact.LastContact),
        silent: silent.has(id),
        clockSkewMs: typeof contact.ClockSkewMs === 'bigint' ? contact.ClockSkewMs : null,
        lastSweep: sweeps.last.get(id),
        stale: STALE_THINGS.filter((thing) => stale[thing].has(id)),
        flaggedEver: flagged.get(id) ?? 0n,
        cloneEvidence: findCloneEvidence(times, [...(enrolments.get(id)?.keys ?? [])]),
        partlyRead: sweeps.partlyRead.has(id),
      };
    })
    .sort((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
}

const STALE_THINGS: readonly StaleThing[] = ['rules', 'roots', 'agent'];

async function readStale(
  asked: Asked,
  { last }: FleetSweeps,
  silent: ReadonlySet<string>,
): Promise<Readonly<Record<StaleThing, ReadonlySet<string>>>> {
  const held = (value: 'ruleDigest' | 'rootDigest' | 'agentVersion', isGrouped = false): Held[] =>
    [...last].map(([deviceId, sweep]) => ({
      deviceId,
      value: sweep[value],
      group: isGrouped ? sweep.trustSource : '',
      silent: silent.has(deviceId),
    }));
  const [rules, roots, agent] = await Promise.all([
    staleIn(asked, 'RuleDigest', held('ruleDigest')),
    staleIn(asked, 'RootDigest', held('rootDigest', true)),
    staleIn(asked, 'AgentVersion', held('agentVersion')),
  ]);
  return { rules, roots, agent };
}

async function staleIn(asked: Asked, column: string, held: readonly Held[]) {
  const values = [...new Set(held.map(({ value }) => value))].filter((value) => value !== '');
  if (values.length < 2) return new Set<string>();
  return findStale(held, await readFirstReceived(asked, column, values));
}

interface Enrolment {
  name: string;
  readonly keys: Set<string>;
}

/** Tokens come oldest first: the last name counts. */
function enrolmentsOf(tokens: readonly TokenRow[]): ReadonlyMap<string, Enrolment> {
  const enrolments = new Map<string, Enrolment>();
  for (const { deviceId, name, enrolledBy } of tokens) {
    if (deviceId === null) continue;
    const enrolment = enrolments.get(deviceId) ?? { name: '', keys: new Set<string>() };
    if (name !== '') enrolment.name = name;
    if (enrolledBy !== null) enrolment.keys.add(enrolledBy);
    enrolments.set(deviceId, enrolment);
  }
  return enrolments;
}

/** Names of devices that have no sweep row, no enrolment and nothing flagged, as after an import: reads every record. */
async function namesInRecords(
  asked: Asked,
  devices: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (devices.length === 0) return new Map();
  const records = table('AgentFileCertificateInfo');
  const theirs = where(records, isIn(records, 'DeviceId', devices.slice(0, MOST_UNNAMED)));
  const rows = await ask(
    asked,
    summarize(theirs, [['Names', 'make_set', 'DeviceName', MOST_NAMES]], ['DeviceId']),
  );
  return new Map(rows.map(({ DeviceId, Names }) => [textOf(DeviceId), firstText(Names)]));
}

function firstText(cell: unknown): string {
  return (Array.isArray(cell) ? cell : []).find((each) => typeof each === 'string' && each) ?? '';
}
