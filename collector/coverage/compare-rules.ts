import type { MatchedDevice } from './compare-device.ts';
import type { RuleCoverage } from './coverage-report.ts';
import type { DifferenceTable } from './difference-table.ts';
import type { ComparedRule } from './rule-matcher.ts';
import type { Scratch } from './scratch.ts';
import type { Side } from './side.ts';
import { AFTER, BEFORE, type When, WITHIN } from './window.ts';

/** Devices, each found by its place in its side's list. */
export interface DevicesBySide {
  readonly agent: ReadonlyMap<number, MatchedDevice>;
  readonly export: ReadonlyMap<number, MatchedDevice>;
}

/** On which devices each rule is found by both sides, or by one, in the common window; each that one misses is a difference. */
export function compareRules(
  scratch: Scratch,
  rules: readonly ComparedRule[],
  devices: DevicesBySide,
  differences: DifferenceTable,
): readonly RuleCoverage[] {
  return rules.map((rule, index) => compareRule(scratch, rule, index, devices, differences));
}

function compareRule(
  scratch: Scratch,
  rule: ComparedRule,
  index: number,
  devices: DevicesBySide,
  differences: DifferenceTable,
): RuleCoverage {
  const agentHits = hitsOf(scratch, 'agent', index);
  const exportHits = hitsOf(scratch, 'export', index);
  const counts = {
    agentDevices: 0,
    exportDevices: 0,
    found: 0,
    missedAbsent: 0,
    missedEmpty: 0,
    missedFile: 0,
    foundLater: 0,
    missedEarlier: 0,
    extra: 0,
    extraUnknownDevice: 0,
  };
  const rules = [rule.id];
  for (const [device, seen] of agentHits) {
    const matched = devices.agent.get(device);
    if (seen !== WITHIN || !matched || matched.state === 'collision') continue;
    counts.agentDevices += 1;
    const other = matched.exported && exportHits.get(matched.exported.index);
    if (other === WITHIN || other === AFTER) {
      counts.found += 1;
      if (other === AFTER) counts.foundLater += 1;
      continue;
    }
    if (matched.state === 'absent') counts.missedAbsent += 1;
    else if (matched.state === 'empty') counts.missedEmpty += 1;
    else counts.missedFile += 1;
    if (other === BEFORE) counts.missedEarlier += 1;
    const { agent, exported } = matched;
    const detail = missedWords(matched, other);
    differences.add({ kind: 'rule-missed', agent, exported, rules, detail });
  }
  for (const [device, seen] of exportHits) {
    const matched = devices.export.get(device);
    if (seen !== WITHIN || !matched || matched.state === 'collision') continue;
    counts.exportDevices += 1;
    const other = matched.agent && agentHits.get(matched.agent.index);
    if (other === WITHIN || other === AFTER) continue;
    counts.extra += 1;
    if (matched.state !== 'compared') counts.extraUnknownDevice += 1;
    const { agent, exported } = matched;
    const detail = extraWords(matched, other);
    differences.add({ kind: 'rule-extra', agent, exported, rules, detail });
  }
  const { agentDevices, found } = counts;
  return { ...rule, ...counts, recall: agentDevices === 0 ? undefined : found / agentDevices };
}

/** Devices that a rule finds, and how well: in the common window, else after it, else before it. */
function hitsOf(scratch: Scratch, side: Side, rule: number): ReadonlyMap<number, When> {
  const rows = scratch.db
    .prepare(
      'SELECT device, max(seen) AS seen FROM hit WHERE side = ? AND rule = ? GROUP BY device',
    )
    .all(side, rule);
  return new Map(rows.map(({ device, seen }) => [Number(device), Number(seen) as When]));
}

function missedWords({ state }: MatchedDevice, other: When | undefined): string {
  if (state === 'absent') return 'the device is not in the export';
  const earlier = other === BEFORE ? '; the export has it before the common window' : '';
  return state === 'empty'
    ? `the table is empty for the device${earlier}`
    : `the device is in the export, the file is not${earlier}`;
}

function extraWords({ state }: MatchedDevice, other: When | undefined): string {
  if (state === 'only-export') return 'no agent reports the device';
  if (other === BEFORE) return 'the agent has it before the common window';
  return state === 'silent'
    ? 'the agent reported nothing of the common window'
    : 'the agent did not see it';
}
