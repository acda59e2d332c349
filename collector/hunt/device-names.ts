import { type Asked, ask, textOf, ticksOf } from './ask.ts';
import { summarize, table } from './plan-parts.ts';

/** The last name of each device that has sent a sweep row or a flagged file, by DeviceId. */
export async function readDeviceNames(asked: Asked): Promise<ReadonlyMap<string, string>> {
  const by = ['DeviceId', 'DeviceName'];
  const rows = [
    ...(await ask(asked, summarize(table('AgentSightingInfo'), [['Last', 'max', 'LastSeen']], by))),
    ...(await ask(asked, summarize(table('AgentSweepInfo'), [['Last', 'max', 'Timestamp']], by))),
  ];
  const last = new Map<string, { name: string; ticks: bigint }>();
  for (const { DeviceId, DeviceName, Last } of rows) {
    const [id, name, ticks] = [textOf(DeviceId), textOf(DeviceName), ticksOf(Last)];
    const known = last.get(id);
    if (name !== '' && (!known || known.ticks <= ticks)) last.set(id, { name, ticks });
  }
  return new Map([...last].map(([id, { name }]) => [id, name]));
}
