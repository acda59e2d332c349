import { type Html, html } from '../../../parsers/html/html.ts';
import { counted, grouped, time } from '../../../parsers/html/units.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import type { RuleNames } from '../rule-names.ts';
import type { ReportContent, RuleHits } from './report-content.ts';

const MOST_GONE = 1000;

export function* flaggedSection(content: ReportContent): Generator<Html> {
  const cards = content.cards();
  const more = content.flagged + content.lookAlikes - cards.length;
  yield html`<section id="flagged">
<h2>Flagged</h2>
${content.flagged === 0 ? html`<p>No rule matched a signature that was read.</p>` : ruleTable(content)}
${content.lookAlikes > 0 && html`<p>${counted(content.lookAlikes, 'look-alike')} below: no rule matched, but the file says that it is the tool of one.</p>`}
`;
  if (cards.length > 0) yield tools;
  yield* cards;
  if (more > 0)
    yield html`<p class="banner unsure"><b>${counted(more, 'further flagged signature')}${content.lookAlikes > 0 && ' or look-alike'}</b> counted above, not shown here. The records (ndjson, csv) have all.</p>`;
  yield html`</section>
`;
}

/** Shown by the script only: without one it would do nothing. */
const tools = html`<p id="tools" hidden><label>Filter <input id="filter" type="search" placeholder="path, signer, hash, finding" autocomplete="off" spellcheck="false"></label> <button id="unfold" type="button" aria-pressed="false">Unfold all</button> <span id="shown" role="status"></span></p>
`;

function ruleTable({ rules, hasLiveContext, names }: ReportContent): Html {
  const hits = [...rules.values()].sort((a, b) => b.records - a.records);
  const running = hasLiveContext && html`<th scope="col" class="n">Running</th>`;
  return html`<table class="rules">
<thead><tr><th scope="col">Rule</th><th scope="col" class="n">Signatures</th><th scope="col" class="n">Trusted</th>${running}</tr></thead>
<tbody>${hits.map((hit) => ruleRow(hit, hasLiveContext, names))}</tbody>
</table>
`;
}

function ruleRow(
  { id, records, trusted, running }: RuleHits,
  hasLiveContext: boolean,
  names: RuleNames,
): Html {
  const { name, attack } = names.of(id);
  const runs = hasLiveContext && html`<td class="n" data-label="running">${grouped(running)}</td>`;
  return html`<tr><th scope="row">${name}<br><span class="faint">${[...attack, id].join(', ')}</span></th><td class="n" data-label="signatures">${grouped(records)}</td><td class="n" data-label="trusted">${grouped(trusted)}</td>${runs}</tr>
`;
}

interface GoneFile {
  readonly path: string;
  readonly sha1: string | null;
  readonly rules: readonly string[] | null;
  readonly lastSeen: string | null;
}

/** Nothing where no state was kept: then nobody knows. */
export function goneSection({ GoneFlagged, GoneFiles }: SweepRow): Html {
  if (GoneFlagged === null || GoneFlagged === 0) return html``;
  const files = (Array.isArray(GoneFiles) ? GoneFiles : []) as unknown as readonly GoneFile[];
  const shown = files.slice(0, MOST_GONE);
  const more = GoneFlagged - shown.length;
  return html`<section id="gone">
<h2>Flagged last time, gone now</h2>
<p>${counted(GoneFlagged, 'file')} that the last sweep flagged ${GoneFlagged === 1 ? 'is' : 'are'} no longer there: removed, renamed, or no longer reachable.</p>
<ul class="paths">${shown.map(goneLine)}${more > 0 && html`<li>... and ${counted(more, 'more', 'more')}</li>`}</ul>
</section>
`;
}

function goneLine({ path, sha1, lastSeen }: GoneFile): Html {
  return html`<li><span class="path">${path}</span><br><span class="faint">last seen ${time(lastSeen)}${sha1 && html`, SHA-1 <code>${sha1}</code>`}</span></li>
`;
}
