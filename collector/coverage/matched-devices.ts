import type { MatchedDevice } from './compare-device.ts';
import type { DevicesBySide } from './compare-rules.ts';
import type { MappedDevice } from './device-map.ts';
import { type DeviceMatches, isDefenderId } from './match-devices.ts';
import type { SideDevice } from './side.ts';

/** Every device of either side with its state, pairs first, each list in the order in which the devices were read. */
export function matchedDevices(
  { pairs, collisions, onlyAgent, onlyExport }: DeviceMatches,
  map: readonly MappedDevice[],
): { readonly devices: readonly MatchedDevice[]; readonly bySide: DevicesBySide } {
  const mapped = new Set(map.map(({ agentId }) => agentId));
  const unmatched = (agent: SideDevice): MatchedDevice['state'] => {
    if (agent.rowsInWindow === 0) return 'silent';
    return isDefenderId(agent) || mapped.has(agent.id) ? 'empty' : 'absent';
  };
  const none = { agent: undefined, exported: undefined, by: undefined };
  const devices: MatchedDevice[] = [
    ...pairs.map(
      ({ agent, exported, by }): MatchedDevice => ({
        agent,
        exported,
        by,
        state: pairState(agent, exported),
      }),
    ),
    ...onlyAgent.map((agent): MatchedDevice => ({ ...none, agent, state: unmatched(agent) })),
    ...collisions.flatMap(({ agent, exported }) => [
      ...agent.map((each): MatchedDevice => ({ ...none, agent: each, state: 'collision' })),
      ...exported.map((each): MatchedDevice => ({ ...none, exported: each, state: 'collision' })),
    ]),
    ...onlyExport.map((exported): MatchedDevice => ({ ...none, exported, state: 'only-export' })),
  ];
  const agent = new Map<number, MatchedDevice>();
  const exported = new Map<number, MatchedDevice>();
  for (const device of devices) {
    if (device.agent) agent.set(device.agent.index, device);
    if (device.exported && !exported.has(device.exported.index))
      exported.set(device.exported.index, device);
  }
  return { devices, bySide: { agent, export: exported } };
}

function pairState(agent: SideDevice, exported: SideDevice): MatchedDevice['state'] {
  if (agent.rowsInWindow === 0) return 'silent';
  return exported.rowsInWindow === 0 ? 'empty' : 'compared';
}
