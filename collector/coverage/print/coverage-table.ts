import { printable } from '../../../parsers/record/printable.ts';
import type { CoverageReport, DeviceCoverage, Difference } from '../coverage-report.ts';
import { type PrintColumn, toColumns, wrapped } from './columns.ts';
import {
  coverageName,
  delayText,
  delayWords,
  deviceName,
  exportLines,
  LIMITS,
  percent,
  windowLines,
} from './words.ts';

/** Lines of each list; the rest is counted. */
const MOST_LISTED = 20;

/** The report for a terminal: the summary first, then the lists, each cut. */
export function toCoverageTable(report: CoverageReport, width: number): string {
  const lines = [
    ...summary(report, width),
    ...rules(report, width),
    ...devices(report, width),
    ...listed(report, width),
    '',
    'What this cannot prove:',
    ...LIMITS.flatMap((limit) => wrapped(`- ${limit}`, width, '  ')),
  ];
  return `${lines.join('\n')}\n`;
}

function summary(report: CoverageReport, width: number): string[] {
  const { windows, recall, counts, devices: all, delay, mapProblems } = report;
  const pairs = report.rules.reduce((sum, { agentDevices }) => sum + agentDevices, 0);
  const found = report.rules.reduce((sum, each) => sum + each.found, 0);
  const first =
    recall === undefined
      ? 'Recall: unknown: no rule finds a device in the ground truth of the common window.'
      : `Recall: ${percent(recall)}: of ${pairs} rule × device of the common window, the export finds ${found} and misses ${pairs - found}.`;
  const sum = (of: 'both' | 'onlyAgent' | 'onlyExport' | 'differing') =>
    all.reduce((total, device) => total + device[of], 0);
  return [
    ...wrapped(first, width),
    ...(counts['rule-extra'] > 0
      ? [`${counts['rule-extra']} rule × device only in the export.`]
      : []),
    '',
    ...windowLines(windows).flatMap((line) => wrapped(line, width, '         ')),
    '',
    ...exportLines(report).flatMap((line) => wrapped(printable(line), width, '  ')),
    ...(mapProblems.length > 0
      ? ['Device map:', ...cutList(mapProblems.map((each) => `  ${printable(each)}`))]
      : []),
    '',
    ...wrapped(
      `Devices: ${stateCount(all, 'compared')} compared, ${stateCount(all, 'absent')} not in the export, ` +
        `${stateCount(all, 'empty')} with an empty table, ${stateCount(all, 'collision')} not joined, ` +
        `${stateCount(all, 'silent')} of which no agent reported in the window, ${stateCount(all, 'only-export')} only in the export.`,
      width,
      '  ',
    ),
    ...wrapped(
      `Files of compared devices: ${sum('both')} in both, of which ${sum('differing')} differ; ${sum('onlyAgent')} only the agents saw, ` +
        `${sum('onlyExport')} only the export.`,
      width,
      '  ',
    ),
    ...kindLines(all, width),
    ...wrapped(delayWords(delay), width, '  '),
  ];
}

function kindLines(all: readonly DeviceCoverage[], width: number): string[] {
  const kinds = new Map<string, number>();
  for (const { onlyAgentByKind } of all)
    for (const [kind, count] of Object.entries(onlyAgentByKind))
      kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  if (kinds.size === 0) return [];
  const words = [...kinds].map(([kind, count]) => `${count} ${kind || 'of unknown kind'}`);
  const byRule = all.reduce((sum, device) => sum + device.onlyAgentByRule, 0);
  return wrapped(
    `  Only the agents: ${printable(words.join(', '))}; a rule means ${byRule} of them.`,
    width,
    '    ',
  );
}

const RULE_COLUMNS: readonly PrintColumn[] = [
  { name: 'Rule', kind: 'text' },
  ...['Recall', 'Found', 'Absent', 'Empty', 'No file', 'Extra'].map(
    (name): PrintColumn => ({ name, kind: 'n' }),
  ),
];

function rules({ rules: all }: CoverageReport, width: number): string[] {
  const shown = all.filter(
    ({ agentDevices, exportDevices }) => agentDevices > 0 || exportDevices > 0,
  );
  const quiet = all.length - shown.length;
  const worst = shown.sort((one, other) => (one.recall ?? 2) - (other.recall ?? 2));
  const rows = worst
    .slice(0, MOST_LISTED * 3)
    .map((rule) => [
      rule.tool,
      percent(rule.recall),
      `${rule.found}/${rule.agentDevices}`,
      ...[rule.missedAbsent, rule.missedEmpty, rule.missedFile, rule.extra].map(String),
    ]);
  const notCompared = all.filter((rule) => rule.notCompared !== undefined);
  return [
    '',
    'Rules, devices of the common window:',
    ...(rows.length > 0 ? toColumns(RULE_COLUMNS, rows, width) : []),
    ...more(worst.length, MOST_LISTED * 3, 'rules'),
    ...(quiet > 0 ? [`${quiet} rule${quiet === 1 ? '' : 's'} found by neither side.`] : []),
    ...notCompared.flatMap(({ tool, notCompared: why }) =>
      wrapped(`Not compared: ${printable(tool)}: ${printable(why ?? '')}.`, width, '  '),
    ),
  ];
}

const DEVICE_COLUMNS: readonly PrintColumn[] = [
  { name: 'Device', kind: 'text' },
  { name: 'State', kind: 'text' },
  ...['Both', 'Agent', 'Export', 'Differ', 'Median', 'p95'].map(
    (name): PrintColumn => ({ name, kind: 'n' }),
  ),
];

function devices({ devices: all, collisions }: CoverageReport, width: number): string[] {
  if (all.length === 0) return [];
  const worst = [...all].sort((one, other) => weight(other) - weight(one));
  const rows = worst
    .slice(0, MOST_LISTED)
    .map((device) => [
      coverageName(device),
      device.state,
      ...[device.both, missing(device), device.onlyExport, device.differing].map(String),
      device.delay ? delayText(device.delay.median) : '-',
      device.delay ? delayText(device.delay.p95) : '-',
    ]);
  return [
    '',
    'Devices, signed files:',
    ...toColumns(DEVICE_COLUMNS, rows, width),
    ...more(all.length, MOST_LISTED, 'devices'),
    ...(collisions.length > 0 ? ['', 'Not joined:'] : []),
    ...cutList(
      collisions.map(({ reason, agent, exported }) => {
        const names = (list: typeof agent) => list.slice(0, 4).map(deviceName).join(', ');
        return `  ${printable(reason)}: ${printable(names(agent))} | ${printable(names(exported))}`;
      }),
    ),
  ];
}

/** Of a device whose table is empty, or which is not in the export, all of the agent's files are missing. */
function missing({ state, onlyAgent, agentFiles }: DeviceCoverage): number {
  return state === 'absent' || state === 'empty' ? agentFiles : onlyAgent;
}

function weight({ onlyAgent, onlyExport, differing, state }: DeviceCoverage): number {
  return onlyAgent + onlyExport + differing + (state === 'absent' || state === 'empty' ? 0.5 : 0);
}

function listed(report: CoverageReport, width: number): string[] {
  const list = (title: string, kind: Difference['kind'], toLine: (each: Difference) => string) => {
    const count = report.counts[kind];
    if (count === 0) return [];
    const some = [...report.differences(kind, MOST_LISTED)];
    return [
      '',
      title,
      ...some.flatMap((each) => wrapped(`  ${printable(toLine(each))}`, width, '    ')),
      ...more(count, MOST_LISTED, 'differences'),
    ];
  };
  const tools = new Map(report.rules.map(({ id, tool }) => [id, tool]));
  const toolsOf = ({ rules: ids }: Difference) => ids.map((id) => tools.get(id) ?? id).join(', ');
  return [
    ...list(
      'Missed by the export:',
      'rule-missed',
      (each) => `${toolsOf(each)} on ${coverageName(each)}: ${each.detail}`,
    ),
    ...list(
      'Only in the export:',
      'rule-extra',
      (each) => `${toolsOf(each)} on ${coverageName(each)}: ${each.detail}`,
    ),
    ...list(
      'Fields that differ:',
      'field',
      (each) =>
        `${coverageName(each)} ${each.sha1} ${each.field}: agent ${each.agentValue || "''"}, export ${each.exportValue || "''"}`,
    ),
    ...list(
      'Signers that the export does not have:',
      'signer-missed',
      (each) => `${coverageName(each)}: ${each.agentValue} (${each.detail})`,
    ),
  ];
}

function stateCount(all: readonly DeviceCoverage[], state: DeviceCoverage['state']): number {
  return all.filter((device) => device.state === state).length;
}

function cutList(lines: readonly string[]): string[] {
  return [...lines.slice(0, MOST_LISTED), ...more(lines.length, MOST_LISTED, 'lines')];
}

function more(count: number, shown: number, what: string): string[] {
  return count > shown
    ? [`  ... ${count - shown} more ${what}: --format json, csv or html --out FILE have all.`]
    : [];
}
