import { type Html, html } from './html.ts';

const HEIGHT = 10;

export interface BarPart {
  readonly tone: 'good' | 'bad' | 'unsure';
  readonly count: number;
}

/** One bar of which `longest` fills the width. Widths are attributes: the page's policy allows no style on an element. */
export function bar(parts: readonly BarPart[], longest: number): Html {
  let x = 0;
  const rects = parts
    .filter(({ count }) => count > 0)
    .map(({ tone, count }) => {
      const width = (100 * count) / Math.max(longest, 1);
      const start = x;
      x += width;
      return html`<rect class="${tone}" x="${start.toFixed(3)}" width="${width.toFixed(3)}" height="${HEIGHT}"></rect>`;
    });
  return html`<svg aria-hidden="true" viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none">${rects}</svg>`;
}

/** What a colour of a bar means. */
export function barKey(tone: BarPart['tone'], label: string): Html {
  return html`<span><svg class="key" aria-hidden="true" viewBox="0 0 10 10"><rect class="${tone}" width="10" height="10"></rect></svg> ${label}</span>`;
}
