import { type Content, type Html, html } from '../../../parsers/html/html.ts';
import { counted, duration, grouped, time } from '../../../parsers/html/units.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import { leavesIncomplete } from '../sweep-tally.ts';
import type { ReportContent } from './report-content.ts';

/** What must be seen first: whose report, what was flagged, and whether all was seen. */
export function overview(sweep: SweepRow, content: ReportContent): Html {
  const milliseconds = Date.parse(sweep.EndTime ?? '') - Date.parse(sweep.StartTime ?? '');
  const roots = Array.isArray(sweep.Roots) ? sweep.Roots.map(String) : [];
  return html`<header>
<p class="faint">certsweep report</p>
<h1>${sweep.DeviceName}</h1>
<p>Swept ${time(sweep.StartTime)} to ${time(sweep.EndTime)}, ${duration(milliseconds)}${sweep.MachineGroup !== null && `, group ${sweep.MachineGroup}`}</p>
<p>${roots.slice(0, MOST_ROOTS).map((root) => html`<code>${root}</code> `)}${roots.length > MOST_ROOTS && `and ${roots.length - MOST_ROOTS} more`}</p>
${flaggedBanner(sweep, content)}
${completeBanner(sweep)}
<ul class="tiles">
${tile(sweep.Flagged, 'flagged', '#flagged')}
${(sweep.LookAlikeFiles ?? 0) > 0 && tile(sweep.LookAlikeFiles, 'look-alikes', '#flagged')}
${tile(pathsNotRead(sweep, true), 'could not be read', '#not-read')}
${tile(sweep.Malformed, 'malformed', '#malformed')}
${tile(sweep.Signed, 'signatures', '#signers')}
${tile(sweep.Images, 'files examined', '#statuses')}
${tile(sweep.Files, 'files seen', '#sweep')}
</ul>
</header>
`;
}

const MOST_ROOTS = 12;

function flaggedBanner(
  { Flagged, LookAlikeFiles, GoneFlagged }: SweepRow,
  { flaggedFiles, flaggedNotTrusted, flaggedRunning, lookAlikesRunning, rules }: ReportContent,
): Html {
  const look = (LookAlikeFiles ?? 0) > 0 && [
    html` <b>${counted(LookAlikeFiles, 'look-alike')}</b>: says that it is the tool of a rule, but its signature does not.`,
    lookAlikesRunning > 0 && html` <b>${grouped(lookAlikesRunning)} running</b>.`,
  ];
  const gone =
    (GoneFlagged ?? 0) > 0 &&
    html` ${counted(GoneFlagged, 'flagged file')} of the last sweep ${GoneFlagged === 1 ? 'is' : 'are'} gone.`;
  if (Flagged === 0)
    return html`<p class="banner ${gone || look ? 'unsure' : 'quiet'}"><b>Nothing flagged</b> in what was read.${look}${gone}</p>`;
  const parts: Content[] = [
    flaggedRunning > 0 &&
      html` <b>${grouped(flaggedRunning)} of them running</b> when the sweep began.`,
    flaggedNotTrusted > 0 &&
      html` ${grouped(flaggedNotTrusted)} with a signature that is broken or not trusted.`,
    look,
    gone,
  ];
  return html`<p class="banner bad"><b>${counted(Flagged, 'flagged signature')}</b> in ${counted(flaggedFiles, 'file')}, by ${counted(rules.size, 'rule')}.${parts}</p>`;
}

function completeBanner(sweep: SweepRow): Html {
  if (sweep.Interrupted)
    return html`<p class="banner unsure"><b>NOT COMPLETE: interrupted.</b> The sweep was stopped before its end. What it did not reach may be anything.</p>`;
  if (!sweep.Complete)
    return html`<p class="banner unsure"><b>NOT COMPLETE.</b> Some of what should have been read could not be, and <a href="#not-read">may be anything</a>.</p>`;
  const leftOut = pathsNotRead(sweep, false);
  const purpose =
    leftOut > 0 && html` <a href="#not-read">${counted(leftOut, 'path')} left out</a> on purpose.`;
  return html`<p class="banner quiet"><b>Complete.</b> All that was asked for was read.${purpose} <a href="#limits">What this cannot say</a>.</p>`;
}

function tile(count: number | null, label: string, target: string): Html {
  return html`<li><a href="${target}"><b>${grouped(count)}</b> ${label}</a></li>`;
}

/** Paths that should have been read (`isMissing`), or those that were left out on purpose. */
function pathsNotRead({ Skipped }: SweepRow, isMissing: boolean): number {
  return Object.entries((Skipped ?? {}) as Record<string, number>)
    .filter(([reason]) => leavesIncomplete(reason) === isMissing)
    .reduce((sum, [, count]) => sum + count, 0);
}
