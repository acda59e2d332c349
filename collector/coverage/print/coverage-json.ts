import { formatDatetime } from '../../../parsers/record/datetime.ts';
import type { TimeWindow } from '../../hunt/time-ranges.ts';
import type { CoverageReport, DeviceCoverage, Difference } from '../coverage-report.ts';
import type { SideDevice } from '../side.ts';

/**
 * The whole report as one JSON object: windows, exports, recall, rules, devices, collisions, delays and every difference. Times are
 * ISO 8601 with Z, delays milliseconds, shares 0 to 1; null where there is none.
 */
export function* toCoverageJson(report: CoverageReport): Generator<string> {
  const { windows, exports, mapProblems, recall, rules, delay, delayHistogram, counts } = report;
  const head = {
    windows: {
      asked: toWindow(windows.asked),
      agent: toWindow(windows.agent),
      export: toWindow(windows.exported),
      common: toWindow(windows.common),
    },
    recall: recall ?? null,
    counts,
    exports: exports.map(({ format, stopped, droppedColumns, ...each }) => ({
      ...each,
      format: format ?? null,
      stopped: stopped ?? null,
      droppedColumns: Object.fromEntries(droppedColumns),
    })),
    deviceMapProblems: mapProblems,
    rules: rules.map((rule) => ({
      ...rule,
      recall: rule.recall ?? null,
      notCompared: rule.notCompared ?? null,
    })),
    delay: delay ?? null,
    delayHistogram,
    collisions: report.collisions.map(({ reason, agent, exported }) => ({
      reason,
      agent: agent.map(toDevice),
      export: exported.map(toDevice),
    })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"devices":[`;
  yield* listed(report.devices, toDeviceCoverage);
  yield '],\n"differences":[';
  yield* listed(report.differences(), toDifference);
  yield ']}\n';
}

function* listed<Item>(items: Iterable<Item>, toValue: (item: Item) => unknown): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield `${separator}${JSON.stringify(toValue(item))}`;
    separator = ',\n';
  }
}

function toDeviceCoverage({ agent, exported, by, delay, ...rest }: DeviceCoverage) {
  return {
    agent: toDevice(agent),
    export: toDevice(exported),
    by: by ?? null,
    ...rest,
    delay: delay ?? null,
  };
}

/** Absent values are left out: most kinds have few. */
function toDifference({ kind, agent, exported, ...rest }: Difference) {
  const { agentFirst, exportFirst, rules, ...texts } = rest;
  const told = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
  const values =
    kind === 'field' ? { agentValue: rest.agentValue, exportValue: rest.exportValue } : {};
  return {
    kind,
    ...idOf('agentDevice', agent),
    ...idOf('exportDevice', exported),
    ...(rules.length > 0 && { rules }),
    ...told,
    ...values,
    ...(agentFirst !== null && { agentFirst: new Date(agentFirst).toISOString() }),
    ...(exportFirst !== null && { exportFirst: new Date(exportFirst).toISOString() }),
  };
}

function idOf(key: string, device: SideDevice | undefined) {
  return device ? { [key]: { id: device.id, name: device.name } } : {};
}

function toDevice(device: SideDevice | undefined) {
  if (!device) return null;
  const { id, name, otherNames, source, rows, rowsInWindow, first, last } = device;
  const time = (ticks: bigint | null) => (ticks === null ? null : formatDatetime(ticks));
  return { id, name, otherNames, source, rows, rowsInWindow, first: time(first), last: time(last) };
}

function toWindow(window: TimeWindow | undefined) {
  return window ? { from: formatDatetime(window.from), to: formatDatetime(window.to) } : null;
}
