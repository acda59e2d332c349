import { type Html, html } from '../../../parsers/html/html.ts';
import { counted, grouped } from '../../../parsers/html/units.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import type { Problem } from '../../inspect/file-outcome.ts';
import { kindWords, reasonWords } from '../reason-words.ts';
import { leavesIncomplete } from '../sweep-tally.ts';
import type { ReportContent } from './report-content.ts';

/** Every reason why a path was not read, with how often, and its first paths. */
export function notReadSection({ Skipped }: SweepRow, { problems }: ReportContent): Html {
  const counts = Object.entries((Skipped ?? {}) as Record<string, number>);
  const missing = counts.filter(([reason]) => leavesIncomplete(reason));
  const leftOut = counts.filter(([reason]) => !leavesIncomplete(reason));
  return html`<section id="not-read">
<h2>Not read</h2>
${counts.length === 0 && html`<p>Nothing: every file below the roots was read.</p>`}
${missing.length > 0 && html`<h3>Should have been read, and may be anything</h3>${reasonList(missing, problems)}`}
${leftOut.length > 0 && html`<h3>Left out on purpose, or no longer there</h3>${reasonList(leftOut, problems)}`}
</section>
`;
}

function reasonList(
  counts: readonly (readonly [string, number])[],
  problems: ReportContent['problems'],
): Html[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => {
      const words = wordsFor(reasonWords, reason);
      const paths = problems.get(reason as Problem['reason']) ?? [];
      const title = html`<b>${grouped(count)}</b> ${reason}: <span class="faint">${words}</span>`;
      return paths.length === 0
        ? html`<p class="reason">${title}</p>`
        : pathList(title, paths, count);
    });
}

export function malformedSection({ Malformed }: SweepRow, { problems }: ReportContent): Html {
  const shown = problems.get('malformed') ?? [];
  return html`<section id="malformed">
<h2>Malformed</h2>
${
  Malformed === 0
    ? html`<p>None: every file that was examined could be parsed.</p>`
    : html`<p>Read whole, hashed, and in the records; but a structure in them is not what it should be. Damage looks like this, and so does an attempt to hide a signature.</p>
${pathList(html`${counted(Malformed, 'file')}`, shown, Malformed ?? 0)}`
}
</section>
`;
}

function pathList(title: Html, problems: readonly Problem[], count: number): Html {
  const paths = new Set(problems.map(({ path }) => path)).size;
  return html`<details class="reason"><summary>${title}</summary>
<ul class="paths">${problems.map(problemLine)}</ul>
${count > paths && html`<p>The first ${grouped(paths)} of ${grouped(count)}; <code>--errors FILE</code> lists them all.</p>`}
</details>
`;
}

function problemLine({ path, code, offset, detail }: Problem): Html {
  const place = offset === null ? '' : ` at byte ${offset}`;
  return html`<li><span class="path">${path}</span><br><span class="faint">${code}${place}${code !== null && detail !== '' && ': '}${detail}</span></li>
`;
}

/** Files that were opened or seen and hold something that nobody looked into. */
export function notExaminedSection({ OtherKinds, Archives, DiskImages }: SweepRow): Html {
  const met = [
    ...((Archives ?? 0) > 0 ? [counted(Archives, 'archive')] : []),
    ...((DiskImages ?? 0) > 0 ? [counted(DiskImages, 'disk image')] : []),
  ];
  const kinds = Object.entries((OtherKinds ?? {}) as Record<string, number>);
  return html`<section id="not-examined">
<h2>Not looked into</h2>
<p>What is inside archives and disk images was not looked into: a flagged file in one is not in this report.${met.length > 0 && html` <b>${met.join(' and ')}</b> met on the way.`}</p>
${
  kinds.length > 0 &&
  html`<div class="wide"><table><thead><tr><th scope="col">Other kinds of file, by content</th><th scope="col" class="n">Files</th></tr></thead>
<tbody>${kinds.sort(([, a], [, b]) => b - a).map(([kind, count]) => html`<tr><th scope="row">${kind}: <span class="faint">${wordsFor(kindWords, kind)}</span></th><td class="n">${grouped(count)}</td></tr>`)}</tbody></table></div>`
}
</section>
`;
}

function wordsFor(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? '';
}
