import { type Html, html } from '../../../../parsers/html/html.ts';
import { counted, grouped, time } from '../../../../parsers/html/units.ts';
import type { CoverageReport, Difference, DifferenceKind } from '../../coverage-report.ts';
import { deviceName } from '../words.ts';

/** Differences of one kind on the page; the rest is counted. */
const MOST_LISTED = 500;

const TITLES: Readonly<Record<DifferenceKind, string>> = {
  'rule-missed': 'Rule × device that the export misses',
  'rule-extra': 'Rule × device that only the export has',
  'device-absent': 'Devices that are not in the export',
  'device-empty': 'Devices whose table is empty in the common window',
  'device-only-export': 'Devices that no agent reports',
  'only-agent': 'Files that only agents saw',
  'only-export': 'Files that are only in the export',
  field: 'Files of which the two sides say something else',
  'signer-missed': 'Signers that the export lacks on a device',
};

/** One section for each kind of difference that there is. */
export function* differenceSections(report: CoverageReport): Generator<Html> {
  const tools = new Map(report.rules.map(({ id, tool }) => [id, tool]));
  for (const kind of Object.keys(TITLES) as DifferenceKind[]) {
    const count = report.counts[kind];
    if (count === 0) {
      yield html`<span id="${kind}"></span>`; // what the tiles point to
      continue;
    }
    yield html`<section id="${kind}">
<details${count <= OPEN && html` open`}><summary><h2>${TITLES[kind]}: ${grouped(count)}</h2></summary>
<div class="wide"><table class="rules"><thead><tr><th scope="col">Device</th><th scope="col">What</th><th scope="col">Agent</th><th scope="col">Export</th></tr></thead><tbody>
`;
    let listed = 0;
    for (const difference of report.differences(kind, MOST_LISTED)) {
      listed += 1;
      yield differenceRow(difference, tools);
    }
    yield html`</tbody></table></div>
${count > listed && html`<p class="faint">${grouped(count - listed)} more: --format json or csv lists all.</p>`}
</details>
</section>
`;
  }
}

/** Lists up to this length are open when the page is. */
const OPEN = 50;

function differenceRow(difference: Difference, tools: ReadonlyMap<string, string>): Html {
  const { agent, exported, rules, sha1, fileKind, field, detail } = difference;
  const device = agent ?? exported;
  const what = [
    field !== '' && html`<b>${field}</b> `,
    sha1 !== '' && html`<code>${sha1}</code> `,
    fileKind !== '' && html`<span class="faint">${fileKind}</span> `,
    rules.map((id) => html`<span class="badge bad">${tools.get(id) ?? id}</span> `),
    detail,
  ];
  return html`<tr><th scope="row">${device && deviceName(device)}</th><td>${what}</td><td>${sideCell(difference.agentValue, difference.agentFirst)}</td><td>${sideCell(difference.exportValue, difference.exportFirst)}</td></tr>
`;
}

function sideCell(value: string, first: number | null): Html {
  const at = first === null ? null : time(new Date(first).toISOString());
  return html`${value}${value !== '' && at && html`<br>`}${at}`;
}

export function collisionSection({ collisions }: CoverageReport): Html {
  if (collisions.length === 0) return html``;
  const names = (devices: (typeof collisions)[number]['agent']) =>
    devices.slice(0, MOST_NAMES).map(deviceName).join(', ') +
    (devices.length > MOST_NAMES ? ` and ${devices.length - MOST_NAMES} more` : '');
  const rows = collisions.slice(0, MOST_LISTED).map(
    ({ reason, agent, exported }) =>
      html`<tr><td>${reason}</td><td>${names(agent)}</td><td>${names(exported)}</td></tr>
`,
  );
  return html`<section id="collisions">
<h2>${counted(collisions.length, 'device')} not joined</h2>
<p>They may be one of several. A device map (--device-map) says which.</p>
<div class="wide"><table class="rules"><thead><tr><th scope="col">Why</th><th scope="col">Agents</th><th scope="col">Export</th></tr></thead><tbody>
${rows}</tbody></table></div>
${collisions.length > MOST_LISTED && html`<p class="faint">${grouped(collisions.length - MOST_LISTED)} more: --format json lists all.</p>`}
</section>
`;
}

const MOST_NAMES = 8;
