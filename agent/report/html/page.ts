import { hash } from 'node:crypto';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import type { ReportNotes } from '../report.ts';
import { flaggedSection, goneSection } from './flagged-section.ts';
import { Html, html } from './html.ts';
import { judgedSection, limitsSection, sweepSection } from './judged-section.ts';
import { overview } from './overview.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import type { ReportContent } from './report-content.ts';
import { signerSection, statusSection } from './signer-section.ts';
import { malformedSection, notExaminedSection, notReadSection } from './unseen-section.ts';

/**
 * The page in pieces, in order: a few thousand cards need not be one string.
 *
 * Its policy allows the one style and the one script by their digests and nothing else, no request least of all, so that a name
 * that got through as markup would still do nothing. Source: W3C, Content Security Policy Level 3, §2.3.1 and §6.7.
 */
export function* pageParts(
  sweep: SweepRow,
  content: ReportContent,
  notes: ReportNotes,
): Generator<Html> {
  yield head(sweep);
  yield overview(sweep, content);
  yield html`<main>`;
  yield* flaggedSection(content);
  yield goneSection(sweep);
  yield notReadSection(sweep, content);
  yield malformedSection(sweep, content);
  yield notExaminedSection(sweep);
  yield signerSection(content);
  yield statusSection(content);
  yield judgedSection(sweep, content, notes);
  yield limitsSection(sweep, notes);
  yield sweepSection(sweep);
  yield html`</main>
<script>${new Html(pageScript)}</script>
</body>
</html>
`;
}

function head({ DeviceName }: SweepRow): Html {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceOf(pageStyle)}`,
    `script-src ${sourceOf(pageScript)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>certsweep: ${DeviceName}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
`;
}

function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}
