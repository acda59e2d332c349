import { Html, html } from '../../../parsers/html/html.ts';
import { pageHead } from '../../../parsers/html/page-head.ts';
import type { SweepRow } from '../../../parsers/record/columns.ts';
import type { ReportNotes } from '../report.ts';
import { flaggedSection, goneSection } from './flagged-section.ts';
import { judgedSection, limitsSection, sweepSection } from './judged-section.ts';
import { overview } from './overview.ts';
import { pageScript } from './page-script.ts';
import type { ReportContent } from './report-content.ts';
import { signerSection, statusSection } from './signer-section.ts';
import { malformedSection, notExaminedSection, notReadSection } from './unseen-section.ts';

/** The page in pieces, in order: a few thousand cards need not be one string. */
export function* pageParts(
  sweep: SweepRow,
  content: ReportContent,
  notes: ReportNotes,
): Generator<Html> {
  yield pageHead({ title: `certsweep: ${sweep.DeviceName}`, script: pageScript });
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
