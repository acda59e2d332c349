import type { SignatureStatus } from '../../../parsers/authenticode/signature-report.ts';
import { type BarPart, bar, barKey } from '../../../parsers/html/bar.ts';
import { type Html, html } from '../../../parsers/html/html.ts';
import { counted, grouped } from '../../../parsers/html/units.ts';
import type { ReportContent } from './report-content.ts';
import { type SignerCount, total } from './signer-counts.ts';

const MOST_BARS = 30;

/** Who signed what was read, as a chart whose numbers stand beside it. */
export function signerSection({ signers }: ReportContent): Html {
  const top = signers.top(MOST_BARS);
  const longest = top[0] === undefined ? 1 : total(top[0]);
  const more = signers.distinct - top.length;
  return html`<section id="signers">
<h2>Signers</h2>
${
  top.length === 0
    ? html`<p>No signature was read.</p>`
    : html`<p class="legend">${barKey('good', 'trusted')} ${barKey('bad', 'not trusted')} ${barKey('unsure', 'not judged')}</p>
<div class="wide"><table class="chart">
<thead><tr><th scope="col">Signer</th><th scope="col"><span class="sr">Share</span></th><th scope="col" class="n">Signatures</th><th scope="col" class="n">Not trusted</th><th scope="col" class="n">Not judged</th></tr></thead>
<tbody>${top.map((signer) => signerRow(signer, longest))}</tbody>
</table></div>`
}
${more > 0 && html`<p>${counted(more, 'further signer')}, none with more signatures than these.</p>`}
${signers.others > 0 && html`<p>${counted(signers.others, 'signature')} of signers beyond the first ${grouped(signers.distinct)} names, counted together.</p>`}
</section>
`;
}

function signerRow(signer: SignerCount, longest: number): Html {
  const name = signer.name === '' ? html`<i>no name</i>` : html`${signer.name}`;
  const flag = signer.isFlagged && html` <span class="badge bad">flagged</span>`;
  return html`<tr><th scope="row">${name}${flag}</th><td class="bar">${bar(partsOf(signer), longest)}</td><td class="n" data-label="signatures">${grouped(total(signer))}</td><td class="n" data-label="not trusted">${grouped(signer.notTrusted)}</td><td class="n" data-label="not judged">${grouped(signer.notJudged)}</td></tr>
`;
}

function partsOf({ trusted, notTrusted, notJudged }: SignerCount): readonly BarPart[] {
  return [
    { tone: 'good', count: trusted },
    { tone: 'bad', count: notTrusted },
    { tone: 'unsure', count: notJudged },
  ];
}

const statusMeanings: Readonly<Record<SignatureStatus, string>> = {
  Trusted: 'every check passed, up to a trusted root',
  NotTrusted: 'the file is as it was signed, but the signer is not to be trusted',
  HashMismatch: 'the file is not the one that was signed',
  BadSignature: 'the signature itself is wrong',
  NotJudged: 'nothing is wrong, but no code-signing roots were at hand to judge the signer',
  Malformed: 'there is something in the place of a signature that cannot be read',
  NotSigned: 'no signature, neither in the file nor in the catalogs that were searched',
  CatalogNotSearched: 'no signature in the file; no catalogs were searched, which may sign it',
};

export function statusSection({ statuses }: ReportContent): Html {
  const rows = (Object.keys(statusMeanings) as SignatureStatus[]).map(
    (
      status,
    ) => html`<tr><th scope="row">${status}: <span class="faint">${statusMeanings[status]}</span></th><td class="n">${grouped(statuses.get(status) ?? 0)}</td></tr>
`,
  );
  return html`<section id="statuses">
<h2>What was found of signatures</h2>
<div class="wide"><table><thead><tr><th scope="col">Status</th><th scope="col" class="n">Records</th></tr></thead><tbody>${rows}</tbody></table></div>
</section>
`;
}
