import type { ExportProblem } from '../../parsers/exports/export-row.ts';
import { unixMsFromTicks } from '../../parsers/record/datetime.ts';
import type { FindingRule } from '../findings/finding-rule.ts';
import type { Asked } from '../hunt/ask.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { type Comparison, compareDevice, type MatchedDevice } from './compare-device.ts';
import { compareRules } from './compare-rules.ts';
import type { CoverageReport, DeviceCoverage, DifferenceKind } from './coverage-report.ts';
import { Delays } from './delays.ts';
import type { DeviceMap } from './device-map.ts';
import { DifferenceTable } from './difference-table.ts';
import { matchDevices } from './match-devices.ts';
import { matchedDevices } from './matched-devices.ts';
import { type ExportSource, type ExportSummary, readExportInto } from './read-exports.ts';
import { readGroundTruth } from './read-ground-truth.ts';
import { ruleMatcher } from './rule-matcher.ts';
import { Scratch } from './scratch.ts';
import { DeviceList } from './side.ts';
import { commonWindow, readAgentWindow, Span } from './window.ts';

export interface CompareOptions {
  readonly rules: readonly FindingRule[];
  /** The time for which the exports were made; without it from their first row to their last. */
  readonly window: TimeWindow | undefined;
  readonly deviceMap: DeviceMap;
  /** Each bad row, as it is read. */
  readonly onProblem: (name: string, problem: ExportProblem) => void;
}

/**
 * Holds exports against what agents recorded. Whoever asks closes the report. An export that cannot be read to its end counts as
 * far as it was read, and its summary says why.
 */
export async function compare(
  sources: readonly ExportSource[] | AsyncIterable<ExportSource>,
  asked: Asked,
  { rules, window, deviceMap, onProblem }: CompareOptions,
): Promise<CoverageReport> {
  const scratch = new Scratch();
  try {
    const { compared, match, columns } = ruleMatcher(rules, asked.run.now);
    const agentDevices = new DeviceList();
    const exportDevices = new DeviceList();
    const target = { scratch, match, ruleColumns: columns };
    const agent = await readAgentWindow(asked, window);
    const span = new Span();
    const exports: ExportSummary[] = [];
    for await (const source of sources)
      exports.push(
        await readExportInto(source, {
          ...target,
          devices: exportDevices,
          asked: window,
          agent,
          span,
          onProblem,
        }),
      );
    const exported = window ?? span.window;
    const common = commonWindow(agent, exported);
    if (agent) await readGroundTruth(asked, agent, common, { ...target, devices: agentDevices });
    const matches = matchDevices(agentDevices.all, exportDevices.all, deviceMap.devices);
    const differences = new DifferenceTable(scratch, agentDevices.all, exportDevices.all);
    const { devices, bySide } = matchedDevices(matches, deviceMap.devices);
    const ruleCoverage = compareRules(scratch, compared, bySide, differences);
    const comparison: Comparison = {
      scratch,
      differences,
      windowStart: common ? unixMsFromTicks(common.from) : Number.POSITIVE_INFINITY,
      ruleIds: compared.map(({ id }) => id),
      delays: new Delays(),
    };
    const coverage = devices.map((device) => comparedDevice(comparison, device));
    const sum = (of: 'found' | 'agentDevices') =>
      ruleCoverage.reduce((all, each) => all + each[of], 0);
    return {
      windows: { asked: window, agent, exported, common },
      exports,
      mapProblems: deviceMap.problems,
      rules: ruleCoverage,
      recall: sum('agentDevices') === 0 ? undefined : sum('found') / sum('agentDevices'),
      devices: coverage,
      collisions: matches.collisions,
      delay: comparison.delays.summary(),
      delayHistogram: comparison.delays.histogram(),
      differences: (kind, most) => differences.read(kind, most),
      counts: differences.counts,
      close: () => scratch.close(),
    };
  } catch (error) {
    scratch.close();
    throw error;
  }
}

const KIND_OF_STATE: Partial<Record<DeviceCoverage['state'], DifferenceKind>> = {
  absent: 'device-absent',
  empty: 'device-empty',
  'only-export': 'device-only-export',
};

function comparedDevice(comparison: Comparison, device: MatchedDevice): DeviceCoverage {
  const coverage = compareDevice(comparison, device);
  const { agent, exported, state, agentFiles } = coverage;
  const kind = KIND_OF_STATE[state];
  const detail = agent ? `${agentFiles} signed files` : `${exported?.rowsInWindow ?? 0} rows`;
  if (kind) comparison.differences.add({ kind, agent, exported, detail });
  return coverage;
}
