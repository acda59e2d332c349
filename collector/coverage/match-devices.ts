import { foldCase } from '../../parsers/kql/fold-case.ts';
import type { MappedDevice } from './device-map.ts';
import type { SideDevice } from './side.ts';

/** By what a device of one side is taken for a device of the other. */
export type JoinedBy = 'device-map' | 'device-id' | 'name' | 'first-label';

/** Two devices that may be one, and are not compared, because nothing says which belong together. */
export interface Collision {
  /** What they have in common, or why they were left. */
  readonly reason: string;
  readonly agent: readonly SideDevice[];
  readonly exported: readonly SideDevice[];
}

export interface DevicePair {
  readonly agent: SideDevice;
  readonly exported: SideDevice;
  readonly by: JoinedBy;
}

export interface DeviceMatches {
  readonly pairs: readonly DevicePair[];
  readonly collisions: readonly Collision[];
  /** Of the agents', neither in a pair nor in a collision. */
  readonly onlyAgent: readonly SideDevice[];
  readonly onlyExport: readonly SideDevice[];
}

/**
 * Which device of the export is which of the agents': by the device map; by DeviceId where both sides have the same; by whole
 * name; by the name's first label where only one device of each side has it. Names are compared without regard to case and to
 * a final dot. A device whose id comes from Defender, or which the map names, is not looked for by name: another id is then
 * another device. What could be several is a collision and is not joined.
 */
export function matchDevices(
  agents: readonly SideDevice[],
  exported: readonly SideDevice[],
  map: readonly MappedDevice[],
): DeviceMatches {
  const matching = new Matching(agents, exported);
  const byAgentId = new Map(agents.filter(({ id }) => id !== '').map((each) => [each.id, each]));
  const byExportId = new Map(exported.filter(({ id }) => id !== '').map((each) => [each.id, each]));
  const mapped = new Set<SideDevice>();
  for (const { agentId, exportId } of map) {
    const [agent, other] = [byAgentId.get(agentId), byExportId.get(exportId)];
    if (agent) mapped.add(agent);
    if (agent && other) matching.join(agent, other, 'device-map');
  }
  for (const agent of agents) {
    const other = mapped.has(agent) ? undefined : byExportId.get(agent.id);
    if (other) matching.join(agent, other, 'device-id');
  }
  const hasOwnId = (agent: SideDevice) => mapped.has(agent) || isDefenderId(agent);
  matching.joinByName(fullName, 'name', hasOwnId);
  matching.joinByName(firstLabel, 'first-label', hasOwnId);
  return matching.result();
}

/** Whether the agent took its DeviceId from Defender, which is then the id in exports. */
export function isDefenderId({ source }: SideDevice): boolean {
  return source === 'defender';
}

class Matching {
  readonly #agents: readonly SideDevice[];
  readonly #exported: readonly SideDevice[];
  readonly #pairs: DevicePair[] = [];
  readonly #collisions: Collision[] = [];
  readonly #taken = new Set<SideDevice>();

  constructor(agents: readonly SideDevice[], exported: readonly SideDevice[]) {
    this.#agents = agents;
    this.#exported = exported;
  }

  join(agent: SideDevice, exported: SideDevice, by: JoinedBy): void {
    if (this.#taken.has(agent)) return;
    if (this.#taken.has(exported)) {
      const [other] = this.#pairs.filter((pair) => pair.exported === exported);
      const reason = `the export's DeviceId ${exported.id} is joined already, by ${other?.by}`;
      this.#collide({ reason, agent: [agent], exported: [exported] });
      return;
    }
    this.#pairs.push({ agent, exported, by });
    this.#taken.add(agent).add(exported);
  }

  /** Joins what has a name alone on each side. A name is looked for among all devices: one that is joined already takes it, too. */
  joinByName(
    nameOf: (device: SideDevice) => string,
    by: JoinedBy,
    hasOwnId: (agent: SideDevice) => boolean,
  ): void {
    const agentsByName = Map.groupBy(this.#agents, nameOf);
    const exportedByName = Map.groupBy(this.#exported, nameOf);
    for (const [name, agent] of agentsByName) {
      const exported = exportedByName.get(name);
      if (name === '' || !exported) continue;
      const free = agent.filter((each) => !this.#taken.has(each));
      const freeExported = exported.filter((each) => !this.#taken.has(each));
      if (free.length === 0 || freeExported.length === 0) continue;
      const [one] = agent;
      const [other] = exported;
      if (agent.length > 1 || exported.length > 1) {
        const reason = `${agent.length} devices of agents and ${exported.length} of the export are called ${name}`;
        this.#collide({ reason, agent: free, exported: freeExported });
      } else if (one && other && hasOwnId(one)) {
        const reason = `${name} is in the export under another DeviceId than the agent's own, ${one.id}`;
        this.#collide({ reason, agent: free, exported: freeExported });
      } else if (one && other) this.join(one, other, by);
    }
  }

  result(): DeviceMatches {
    const isFree = (device: SideDevice) => !this.#taken.has(device);
    return {
      pairs: this.#pairs,
      collisions: this.#collisions,
      onlyAgent: this.#agents.filter(isFree),
      onlyExport: this.#exported.filter(isFree),
    };
  }

  #collide(collision: Collision): void {
    this.#collisions.push(collision);
    for (const device of [...collision.agent, ...collision.exported]) this.#taken.add(device);
  }
}

function fullName({ name }: SideDevice): string {
  return foldCase(name.trim().replace(/\.$/, '')).toLowerCase();
}

function firstLabel(device: SideDevice): string {
  return fullName(device).split('.')[0] ?? '';
}
