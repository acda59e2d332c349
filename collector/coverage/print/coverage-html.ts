import { type Html, html } from '../../../parsers/html/html.ts';
import { pageHead } from '../../../parsers/html/page-head.ts';
import type { CoverageReport } from '../coverage-report.ts';
import { delaySection, deviceSection, ruleSection } from './html/chart-sections.ts';
import { collisionSection, differenceSections } from './html/list-sections.ts';
import { overview } from './html/overview.ts';
import { LIMITS } from './words.ts';

/** One page in a file of its own, without a script or a request: whoever gets it by mail sees all of it. */
export function* toCoverageHtml(report: CoverageReport): Generator<string> {
  for (const part of parts(report)) yield part.markup;
}

function* parts(report: CoverageReport): Generator<Html> {
  yield pageHead({ title: 'certsweep: coverage' });
  yield overview(report);
  yield html`<main>`;
  yield ruleSection(report);
  yield deviceSection(report);
  yield delaySection(report);
  yield* differenceSections(report);
  yield collisionSection(report);
  yield html`<section id="limits">
<h2>What this cannot prove</h2>
<ul>${LIMITS.map((limit) => html`<li>${limit}</li>`)}</ul>
</section>
</main>
</body>
</html>
`;
}
