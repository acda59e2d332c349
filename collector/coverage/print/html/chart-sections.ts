import { bar, barKey } from '../../../../parsers/html/bar.ts';
import { type Html, html } from '../../../../parsers/html/html.ts';
import { counted, grouped } from '../../../../parsers/html/units.ts';
import type { CoverageReport, DeviceCoverage, RuleCoverage } from '../../coverage-report.ts';
import { coverageName, delayText, percent } from '../words.ts';

/** Devices in the chart, those that lack most first; the rest is counted. */
const MOST_DEVICES = 200;

/** Recall of each rule that either side finds somewhere, the worst first. */
export function ruleSection({ rules }: CoverageReport): Html {
  const shown = rules
    .filter(({ agentDevices, exportDevices }) => agentDevices > 0 || exportDevices > 0)
    .sort((one, other) => (one.recall ?? 2) - (other.recall ?? 2));
  const longest = Math.max(...shown.map(({ agentDevices, extra }) => agentDevices + extra), 1);
  const notCompared = rules.filter((rule) => rule.notCompared !== undefined);
  const quiet = rules.length - shown.length;
  return html`<section id="rules">
<h2>Recall, rule by rule</h2>
${
  shown.length > 0 &&
  html`<p class="legend">${barKey('good', 'devices that the export finds')}${barKey('bad', 'that it misses')}${barKey('unsure', 'that only the export has')}</p>
<div class="wide"><table class="chart"><thead><tr><th scope="col">Rule</th><th scope="col"><span class="sr">Devices</span></th>${heads(['Recall', 'Found', 'Device absent', 'Table empty', 'No file', 'Extra'])}</tr></thead><tbody>
${shown.map((rule) => ruleRow(rule, longest))}</tbody></table></div>`
}
${quiet > 0 && html`<p class="faint">${counted(quiet, 'rule')} found by neither side.</p>`}
${notCompared.map(({ tool, notCompared: why }) => html`<p class="faint">Not compared: ${tool}: ${why}.</p>`)}
</section>
`;
}

function ruleRow(rule: RuleCoverage, longest: number): Html {
  const { tool, name, agentDevices, found, extra, recall } = rule;
  const chart = bar(
    [
      { tone: 'good', count: found },
      { tone: 'bad', count: agentDevices - found },
      { tone: 'unsure', count: extra },
    ],
    longest,
  );
  return html`<tr><th scope="row">${tool}<br><span class="faint">${name}</span></th><td class="bar">${chart}</td>${number('recall', percent(recall))}${number('found', `${found}/${agentDevices}`)}${number('device absent', grouped(rule.missedAbsent))}${number('table empty', grouped(rule.missedEmpty))}${number('no file', grouped(rule.missedFile))}${number('extra', grouped(extra))}</tr>
`;
}

/** Signed files of each device: in both, and on one side only. */
export function deviceSection({ devices }: CoverageReport): Html {
  const worst = [...devices].sort((one, other) => lacking(other) - lacking(one));
  const shown = worst.slice(0, MOST_DEVICES);
  const longest = Math.max(...shown.map((each) => each.both + lacking(each)), 1);
  return html`<section id="devices">
<h2>Signed files, device by device</h2>
<p class="legend">${barKey('good', 'files that both saw')}${barKey('bad', 'only the agent')}${barKey('unsure', 'only the export')}</p>
<div class="wide"><table class="chart"><thead><tr><th scope="col">Device</th><th scope="col"><span class="sr">Files</span></th>${heads(['Both', 'Only agent', 'Only export', 'Differ', 'Median delay', 'p95'])}</tr></thead><tbody>
${shown.map((device) => deviceRow(device, longest))}</tbody></table></div>
${devices.length > shown.length && html`<p class="faint">${counted(devices.length - shown.length, 'more device')}: --format json lists all.</p>`}
</section>
`;
}

function deviceRow(device: DeviceCoverage, longest: number): Html {
  const { state, both, onlyExport, differing, delay } = device;
  const missing = missingFiles(device);
  const chart = bar(
    [
      { tone: 'good', count: both },
      { tone: 'bad', count: missing },
      { tone: 'unsure', count: onlyExport },
    ],
    longest,
  );
  return html`<tr><th scope="row">${coverageName(device)} <span class="faint">${STATES[state]}</span></th><td class="bar">${chart}</td>${number('both', grouped(both))}${number('only agent', grouped(missing))}${number('only export', grouped(onlyExport))}${number('differ', grouped(differing))}${number('median delay', delay ? delayText(delay.median) : '-')}${number('p95', delay ? delayText(delay.p95) : '-')}</tr>
`;
}

const STATES: Readonly<Record<DeviceCoverage['state'], string>> = {
  compared: '',
  empty: 'in the export, but its table is empty in the common window',
  absent: 'not in the export',
  collision: 'not joined: it may be one of several',
  'only-export': 'no agent reports it',
  silent: 'its agent reported nothing in the common window',
};

/** Of a device whose table is empty, or which is not in the export, all of the agent's files are missing. */
function missingFiles({ state, onlyAgent, agentFiles }: DeviceCoverage): number {
  return state === 'absent' || state === 'empty' ? agentFiles : onlyAgent;
}

function lacking(device: DeviceCoverage): number {
  return missingFiles(device) + device.onlyExport;
}

/** How much later the export had the files. */
export function delaySection({ delay, delayHistogram }: CoverageReport): Html {
  if (!delay) return html``;
  const longest = Math.max(...delayHistogram.map(({ count }) => count), 1);
  const rows = delayHistogram.map(
    ({ label, count }) =>
      html`<tr><th scope="row">${label}</th><td class="bar">${bar([{ tone: label.startsWith('earlier') ? 'unsure' : 'good', count }], longest)}</td>${number('files', grouped(count))}</tr>
`,
  );
  return html`<section id="delays">
<h2>When the export had it, against the agent</h2>
<div class="wide"><table class="chart"><thead><tr><th scope="col">The export was</th><th scope="col"><span class="sr">Files</span></th>${heads(['Files'])}</tr></thead><tbody>
${rows}</tbody></table></div>
</section>
`;
}

function heads(names: readonly string[]): readonly Html[] {
  return names.map((name) => html`<th scope="col" class="n">${name}</th>`);
}

function number(label: string, text: string): Html {
  return html`<td class="n" data-label="${label}">${text}</td>`;
}
