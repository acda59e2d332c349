import { type Html, html } from '../../../../parsers/html/html.ts';
import { counted, grouped } from '../../../../parsers/html/units.ts';
import type { CoverageReport } from '../../coverage-report.ts';
import { delayWords, exportLines, percent, windowLines } from '../words.ts';

/** What must be seen first: how much of what rules find the export finds, over which time, and whether all of it was read. */
export function overview(report: CoverageReport): Html {
  const { devices, counts } = report;
  const compared = devices.filter(({ state }) => state === 'compared').length;
  const differing = devices.reduce((sum, device) => sum + device.differing, 0);
  return html`<header>
<p class="faint">certsweep report</p>
<h1>What the export saw of what agents saw</h1>
${recallBanner(report)}
${readBanner(report)}
<ul class="tiles">
${tile(counts['rule-missed'], 'rule × device missed', '#rules')}
${tile(compared, 'devices compared', '#devices')}
${tile(counts['device-absent'], 'devices not in the export', '#device-absent')}
${tile(counts['device-empty'], 'devices with an empty table', '#device-empty')}
${tile(counts['only-agent'], 'files only agents saw', '#only-agent')}
${tile(counts['only-export'], 'files only in the export', '#only-export')}
${tile(differing, 'files that differ', '#field')}
</ul>
<p>${delayWords(report.delay)}</p>
<ul>${windowLines(report.windows).map((line) => html`<li>${line}</li>`)}</ul>
</header>
`;
}

function recallBanner({ recall, rules, counts, windows }: CoverageReport): Html {
  if (!windows.common)
    return html`<p class="banner bad"><b>Nothing can be compared.</b> The two windows have no time in common.</p>`;
  if (recall === undefined)
    return html`<p class="banner unsure"><b>Recall unknown.</b> No rule finds a device in the ground truth of the common window.</p>`;
  const pairs = rules.reduce((sum, { agentDevices }) => sum + agentDevices, 0);
  const extra = counts['rule-extra'];
  return html`<p class="banner ${recall < 1 ? 'bad' : 'quiet'}"><b>Recall ${percent(recall)}.</b> Of ${grouped(pairs)} rule × device of the common window the export misses ${grouped(counts['rule-missed'])}.${
    extra > 0 && ` ${grouped(extra)} more are only in the export.`
  }</p>`;
}

function readBanner(report: CoverageReport): Html {
  const { exports, mapProblems } = report;
  const isWhole = exports.every(({ stopped, bad }) => stopped === undefined && bad === 0);
  const tone = isWhole && mapProblems.length === 0 ? 'quiet' : 'unsure';
  const head = isWhole
    ? html`<b>${counted(exports.length, 'export')} read whole.</b>`
    : html`<b>NOT ALL WAS READ.</b> What is missing may be in the rows that were not.`;
  return html`<div class="banner ${tone}">${head}
<ul>${exportLines(report).map((line) => html`<li>${line}</li>`)}</ul>
${mapProblems.length > 0 && html`<p>Lines of the device map that are not used:</p><ul>${mapProblems.map((each) => html`<li>${each}</li>`)}</ul>`}</div>`;
}

function tile(count: number, label: string, target: string): Html {
  return html`<li><a href="${target}"><b>${grouped(count)}</b> ${label}</a></li>`;
}
