import { csvLine } from '../../print/csv.ts';
import type { CoverageReport, Difference } from '../coverage-report.ts';
import type { SideDevice } from '../side.ts';

const HEADER = [
  ...['Kind', 'Device', 'AgentDeviceId', 'ExportDeviceId', 'Rules', 'SHA1', 'FileKind', 'Field'],
  ...['AgentValue', 'ExportValue', 'AgentFirst', 'ExportFirst', 'Detail'],
];

/** One row a difference, all of them. Windows and what was not read are in the other formats. */
export function* toCoverageCsv(report: CoverageReport): Generator<string> {
  yield csvLine(HEADER);
  for (const difference of report.differences()) yield csvLine(cellsOf(difference));
}

function cellsOf(difference: Difference): readonly string[] {
  const { kind, agent, exported, rules, sha1, fileKind, field, detail } = difference;
  const { agentValue, exportValue, agentFirst, exportFirst } = difference;
  return [
    ...[kind, (agent ?? exported)?.name ?? '', idOf(agent), idOf(exported), rules.join(' ')],
    ...[sha1, fileKind, field, agentValue, exportValue],
    ...[timeText(agentFirst), timeText(exportFirst), detail],
  ];
}

function idOf(device: SideDevice | undefined): string {
  return device?.id ?? '';
}

function timeText(milliseconds: number | null): string {
  return milliseconds === null ? '' : new Date(milliseconds).toISOString();
}
