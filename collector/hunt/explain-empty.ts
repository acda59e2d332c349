import type { Plan } from '../../parsers/kql/plan.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { RunOptions, Store } from '../store/store.ts';
import { type LeadingConditions, sightingsPlan, splitTime } from './split-time.ts';

/**
 * Sentences that say why a hunt found nothing: nobody reported, nobody in the window, or matches outside it. "No rows"
 * alone would read as "not there".
 */
export async function explainEmpty(
  store: Store,
  plan: Plan,
  options: RunOptions,
): Promise<readonly string[]> {
  const { table, time, other } = splitTime(plan);
  const agentTable = { ...table, table: 'AgentFileCertificateInfo' };
  const count = (from: LeadingConditions['table'], conditions: LeadingConditions['time']) =>
    countSightings(store, sightingsPlan(from, conditions), options);
  const ever = await count(agentTable, []);
  if (ever.devices === 0n) return ['No device has reported anything to this collector yet.'];

  const inWindow = await count(agentTable, time);
  const anyTime = await count(table, other);
  return [
    `${counted(ever.devices, 'device')} ${ever.devices === 1n ? 'has' : 'have'} reported, ` +
      `the last record is of ${ever.last}.`,
    inWindow.devices === 0n
      ? 'None of them has a record in the time range of the query.'
      : `${inWindow.devices} of them ${inWindow.devices === 1n ? 'has' : 'have'} ` +
        `${counted(inWindow.rows, 'record')} in the time range of the query; none matches.`,
    anyTime.rows === 0n
      ? 'Nothing outside the time range matches either.'
      : `Outside the time range ${counted(anyTime.rows, 'row')} of ${counted(anyTime.devices, 'device')} ` +
        `${anyTime.rows === 1n ? 'matches' : 'match'}, from ` +
        `${anyTime.first} to ${anyTime.last}: --now moves the range there.`,
  ];
}

async function countSightings(store: Store, plan: Plan, options: RunOptions) {
  const [row] = (await store.run(plan, options)).rows;
  const [rows, devices, first, last] = row ?? [];
  return {
    rows: BigInt(Number(rows ?? 0)),
    devices: BigInt(Number(devices ?? 0)),
    first: time(first),
    last: time(last),
  };
}

function counted(count: bigint, thing: string): string {
  return `${count} ${thing}${count === 1n ? '' : 's'}`;
}

function time(cell: unknown): string {
  return typeof cell === 'bigint' ? formatDatetime(cell) : 'never';
}
