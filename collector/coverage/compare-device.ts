import { foldCase } from '../../parsers/kql/fold-case.ts';
import { factOf } from './compared-facts.ts';
import type { DeviceCoverage, DeviceState } from './coverage-report.ts';
import { Delays } from './delays.ts';
import { type ComparedFile, filesOf, type SideFile } from './device-files.ts';
import type { DifferenceTable } from './difference-table.ts';
import { differingFields } from './differing-fields.ts';
import type { JoinedBy } from './match-devices.ts';
import type { Scratch } from './scratch.ts';
import type { SideDevice } from './side.ts';
import { WITHIN } from './window.ts';

/** What is needed to compare devices one after the other. */
export interface Comparison {
  readonly scratch: Scratch;
  readonly differences: DifferenceTable;
  /** When the common window begins, milliseconds since 1970. */
  readonly windowStart: number;
  readonly ruleIds: readonly string[];
  /** Of all devices. */
  readonly delays: Delays;
}

/** A device as it was matched. */
export interface MatchedDevice {
  readonly agent: SideDevice | undefined;
  readonly exported: SideDevice | undefined;
  readonly by: JoinedBy | undefined;
  readonly state: DeviceState;
}

interface Counts {
  agentFiles: number;
  both: number;
  onlyAgent: number;
  onlyAgentByRule: number;
  onlyExport: number;
  differing: number;
}

/** Compares the files of one device, and keeps each difference. Of a device that is not compared only the agent's files are counted. */
export function compareDevice(comparison: Comparison, device: MatchedDevice): DeviceCoverage {
  const { scratch, differences } = comparison;
  const isCompared = device.state === 'compared';
  const counts: Counts = {
    agentFiles: 0,
    both: 0,
    onlyAgent: 0,
    onlyAgentByRule: 0,
    onlyExport: 0,
    differing: 0,
  };
  const byKind: Record<string, number> = {};
  const delays = new Delays();
  const signers = new Signers();
  const rulesOf = isCompared && device.agent ? readRules(comparison, device.agent) : () => [];
  for (const file of filesOf(scratch, device.agent, isCompared ? device.exported : undefined)) {
    const { agent, exported } = file;
    const isAgentsNow = agent?.isSigned === true && agent.isInWindow;
    if (isAgentsNow) counts.agentFiles += 1;
    if (!isCompared) continue;
    signers.add(agent, exported);
    if (agent && exported && (agent.isSigned || exported.isSigned)) {
      counts.both += 1;
      addDelay(file, comparison.windowStart, delays);
      const fields = differingFields(agent.facts, exported.facts);
      if (fields.length > 0) counts.differing += 1;
      for (const field of fields)
        differences.add({
          ...place(device, file),
          kind: 'field',
          rules: rulesOf(file.sha1),
          ...field,
        });
    } else if (isAgentsNow) {
      const rules = rulesOf(file.sha1);
      counts.onlyAgent += 1;
      byKind[agent.kind] = (byKind[agent.kind] ?? 0) + 1;
      if (rules.length > 0) counts.onlyAgentByRule += 1;
      differences.add({ ...place(device, file), kind: 'only-agent', rules });
    } else if (exported?.isSigned && exported.isInWindow) {
      counts.onlyExport += 1;
      differences.add({ ...place(device, file), kind: 'only-export' });
    }
  }
  const missed = signers.missed();
  for (const { signer, files } of missed) {
    const detail = `${files} file${files === 1 ? '' : 's'}`;
    const { agent, exported } = device;
    differences.add({
      kind: 'signer-missed',
      agent,
      exported,
      field: 'Signer',
      agentValue: signer,
      detail,
    });
  }
  comparison.delays.addAll(delays);
  return {
    ...device,
    ...counts,
    onlyAgentByKind: byKind,
    signersMissed: missed.length,
    delay: delays.summary(),
  };
}

function place({ agent, exported }: MatchedDevice, file: ComparedFile) {
  return {
    agent,
    exported,
    sha1: file.sha1,
    fileKind: file.agent?.kind ?? '',
    agentFirst: file.agent?.first ?? null,
    exportFirst: file.exported?.first ?? null,
  };
}

/** Of a file that a side had before the common window nobody can tell when the other side's first time was due. */
function addDelay({ agent, exported }: ComparedFile, windowStart: number, delays: Delays): void {
  if (!agent || !exported) return;
  if (agent.first < windowStart || exported.first < windowStart) return;
  delays.add(exported.first - agent.first);
}

/** The rules that mean a file of the agent's in the common window. */
function readRules(
  { scratch, ruleIds }: Comparison,
  { index }: SideDevice,
): (sha1: string) => readonly string[] {
  const rows = scratch.db
    .prepare(
      `SELECT sha1, rule FROM hit WHERE side = 'agent' AND device = ? AND seen = ${WITHIN} ORDER BY rule`,
    )
    .all(index);
  const rules = new Map<string, string[]>();
  for (const { sha1, rule } of rows) {
    const id = ruleIds[Number(rule)] ?? '';
    const known = rules.get(String(sha1));
    if (known) known.push(id);
    else rules.set(String(sha1), [id]);
  }
  return (sha1) => rules.get(sha1) ?? [];
}

/** Signers of a device, without regard to case. */
class Signers {
  readonly #agent = new Map<string, { readonly signer: string; files: number }>();
  readonly #exported = new Set<string>();

  add(agent: SideFile | undefined, exported: SideFile | undefined): void {
    for (const signer of agent?.isInWindow ? signersOf(agent) : []) {
      const known = this.#agent.get(foldCase(signer));
      if (known) known.files += 1;
      else this.#agent.set(foldCase(signer), { signer, files: 1 });
    }
    for (const signer of signersOf(exported)) this.#exported.add(foldCase(signer));
  }

  missed(): readonly { readonly signer: string; readonly files: number }[] {
    return [...this.#agent].flatMap(([key, each]) => (this.#exported.has(key) ? [] : [each]));
  }
}

function signersOf(file: SideFile | undefined): ReadonlySet<string> {
  const names = (file?.facts ?? []).map((facts) => factOf(facts, 'Signer'));
  return new Set(names.filter((name) => name !== null));
}
