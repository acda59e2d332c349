import { type Content, type Html, html } from '../../../parsers/html/html.ts';
import { counted, exactBytes, grouped } from '../../../parsers/html/units.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import type { ReportNotes } from '../report.ts';
import type { ReportContent } from './report-content.ts';

const MOST_RULES = 100;

/** What the verdicts rest on. */
export function judgedSection(
  sweep: SweepRow,
  { statuses, names: { applied } }: ReportContent,
  { trust, catalogs, liveMissing }: ReportNotes,
): Html {
  const notJudged = statuses.get('NotJudged') ?? 0;
  return html`<section id="judged">
<h2>How it was judged</h2>
<ul>
<li>${counted(applied.length, 'rule')} applied: ${applied.slice(0, MOST_RULES).join('; ')}${applied.length > MOST_RULES && '; ...'}</li>
${trust.map((line) => html`<li>${line}</li>`)}
${notJudged > 0 && html`<li>${counted(notJudged, 'sound signature')} could not be judged for want of roots.</li>`}
<li>${catalogs === undefined ? 'No security catalogs were searched: what looks unsigned may be signed by one.' : `${counted(catalogs, 'security catalog')} searched for files without a signature of their own.`}</li>
${liveWords(liveMissing)}
</ul>
<dl>${pair('Roots, SHA-256', code(sweep.RootDigest))}${pair('Rules, SHA-256', code(sweep.RuleDigest))}</dl>
</section>
`;
}

function liveWords(missing: ReportNotes['liveMissing']): Html {
  if (missing === undefined)
    return html`<li>Whether a flagged file runs or starts by itself was not looked up (<code>--live</code>).</li>`;
  const all = html`<li>What runs and what starts the flagged files was looked up, as it was when the sweep began.</li>`;
  if (missing.length === 0) return all;
  return html`${all}<li><b>More may run or start than is shown:</b><ul>${missing.map((what) => html`<li>${what}</li>`)}</ul></li>`;
}

/** In plain words, on every report: an empty one least of all means that there is nothing. */
export function limitsSection(sweep: SweepRow, { catalogs }: ReportNotes): Html {
  return html`<section id="limits">
<h2>What this cannot say</h2>
<ul>
<li>A flagged file is one that a rule names by its signer. Whether its presence is legitimate is for you to find out: the same tools are used by support desks and by intruders.</li>
<li>A trusted signature says who signed the file, not that it is harmless, and not that it was ever run.</li>
<li>Tools without a signature, with a signature that was removed or replaced, are found only by what their version information says: a look-alike. In an archive, a disk image or memory nothing is found.</li>
<li>Only what is below the swept folders, at the time of the sweep, with the permissions it had. Deleted files are not here.</li>
${catalogs === undefined && html`<li>“CatalogNotSearched” is not “unsigned”: most files of Windows itself are signed by catalogs alone.</li>`}
${(sweep.Unchanged ?? 0) > 0 && html`<li>${counted(sweep.Unchanged, 'file')} had not changed since an earlier sweep and ${sweep.Unchanged === 1 ? 'was' : 'were'} not opened: what is said of them is from then.</li>`}
${!sweep.Complete && html`<li><b>This sweep is not complete.</b> That nothing was found in what was not read means nothing.</li>`}
<li>Names of signers, files and versions are written by whoever made the file.</li>
</ul>
</section>
`;
}

export function sweepSection(sweep: SweepRow): Html {
  const facts: [string, Content][] = [
    ['Device id', code(sweep.DeviceId)],
    ['Group', sweep.MachineGroup],
    ['Sweep id', code(sweep.ScanId)],
    ['Agent', `certsweep ${sweep.AgentVersion}`],
    ['Directories', grouped(sweep.Directories)],
    ['Entries', grouped(sweep.Entries)],
    ['Files', grouped(sweep.Files)],
    ['Examined', `${counted(sweep.Images, 'file')}, ${exactBytes(sweep.Bytes)} read`],
    [
      'Unchanged',
      (sweep.Unchanged ?? 0) > 0 &&
        `${counted(sweep.Unchanged, 'file')} as an earlier sweep left them, not opened again`,
    ],
    [
      'Hard links',
      (sweep.HardLinks ?? 0) > 0 && `${grouped(sweep.HardLinks)} further names of files read once`,
    ],
    ['Records', `${grouped(sweep.Records)}, ${grouped(sweep.Signed)} of them signed`],
    [
      'Not sent',
      (sweep.SpoolDropped ?? 0) > 0 &&
        `${counted(sweep.SpoolDropped, 'record')} dropped by the cap of the spool`,
    ],
  ];
  return html`<section id="sweep">
<h2>The sweep</h2>
<dl>${facts.map(([label, value]) => pair(label, value))}</dl>
<p class="faint">All times are UTC. Sizes are in powers of 1,000.</p>
</section>
`;
}

function pair(label: string, value: Content): Content {
  if (value === null || value === undefined || value === false) return null;
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}

function code(text: string | null): Content {
  return text === null ? null : html`<code>${text}</code>`;
}
