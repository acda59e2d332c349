/** One column that fits a telephone and a wall. Colours for light and dark, each with a word beside it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --box: #fff; --text: #1b1f24; --faint: #57606a; --line: #d0d7de; --link: #0a58ca;
  --bad: #b42318; --bad-soft: #fdecea; --unsure: #8a5300; --unsure-soft: #fff4de;
  --good: #1a7f37; --good-soft: #e6f4ea; --live: #6f2dbd; --live-soft: #f3e8fd;
  --bar-good: #2da44e; --bar-bad: #d1242f; --bar-unsure: #bf8700;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --box: #181c22; --text: #e6e9ed; --faint: #9aa4b0; --line: #333b45; --link: #79b8ff;
    --bad: #ff8f85; --bad-soft: #3b1613; --unsure: #f0b429; --unsure-soft: #33260a;
    --good: #5fd07f; --good-soft: #10301a; --live: #cda5ff; --live-soft: #2b1a42;
    --bar-good: #3fb950; --bar-bad: #f85149; --bar-unsure: #d29922;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem clamp(0.75rem, 3vw, 2rem) 4rem;
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
header { margin-bottom: 1.5rem; }
header p { margin: 0.25rem 0; }
h1 { margin: 0; font-size: clamp(1.5rem, 5vw, 2.25rem); line-height: 1.2; }
h2 { margin: 0 0 0.75rem; font-size: 1.3rem; }
h3 { margin: 1.25rem 0 0.5rem; font-size: 1rem; }
.card h3 { margin: 1rem 0 0.25rem; font-size: 0.9rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible, button:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, .path { font: 0.875em/1.45 ui-monospace, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap; unicode-bidi: isolate; }
.faint { color: var(--faint); font-size: 0.9em; }
.sr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.banner { margin: 0.75rem 0; padding: 0.75rem 1rem; border-left: 6px solid; border-radius: 6px; font-size: 1.05rem; }
.banner b { font-size: 1.15em; }
header .banner { margin: 0.75rem 0; }
.banner.bad { border-color: var(--bad); background: var(--bad-soft); }
.banner.bad b { color: var(--bad); }
.banner.unsure { border-color: var(--unsure); background: var(--unsure-soft); }
.banner.unsure b { color: var(--unsure); }
.banner.quiet { border-color: var(--line); background: var(--box); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 0.5rem; margin: 1rem 0 0;
  padding: 0; list-style: none; }
.tiles a { display: block; height: 100%; padding: 0.6rem 0.8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--box);
  color: var(--faint); font-size: 0.9rem; text-decoration: none; }
.tiles a:hover { border-color: var(--link); }
.tiles b { display: block; color: var(--text); font-size: clamp(1.15rem, 4.6vw, 1.5rem); white-space: nowrap; line-height: 1.2; font-variant-numeric: tabular-nums; }
section { margin: 0 0 1rem; padding: 1.25rem clamp(0.75rem, 2.5vw, 1.5rem); border: 1px solid var(--line); border-radius: 10px;
  background: var(--box); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: normal;
  }
thead th { color: var(--faint); font-size: 0.85rem; overflow-wrap: normal; }
.n { width: 1%; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
.chart th[scope=row] { width: 45%; }
.bar { min-width: 6rem; }
.bar svg { display: block; width: 100%; height: 0.9rem; margin-top: 0.3rem; }
.key { width: 0.8em; height: 0.8em; vertical-align: -0.05em; }
.legend span { margin-right: 1rem; white-space: nowrap; }
rect.good { fill: var(--bar-good); } rect.bad { fill: var(--bar-bad); } rect.unsure { fill: var(--bar-unsure); }
.badge { display: inline-block; padding: 0 0.5em; border: 1px solid; border-radius: 1em; font-size: 0.8rem; white-space: nowrap; }
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.badge.unsure { color: var(--unsure); background: var(--unsure-soft); }
.badge.live { color: var(--live); background: var(--live-soft); font-weight: 600; }
#tools { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
#tools[hidden] { display: none; }
input, button { padding: 0.35rem 0.6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--page); color: inherit; font: inherit; }
label { display: flex; flex: 0 1 28rem; gap: 0.5rem; align-items: center; }
input { flex: 1 1 auto; min-width: 0; }
button { cursor: pointer; }
summary { cursor: pointer; }
summary h2 { display: inline; }
.card { margin: 0.5rem 0; border: 1px solid var(--line); border-radius: 8px; }
.card > summary { display: block; padding: 0.6rem 0.8rem; list-style: none; }
.card > summary::-webkit-details-marker { display: none; }
.card > summary:hover { background: var(--page); border-radius: 8px; }
.card[open] > summary { border-bottom: 1px solid var(--line); }
.card .path { display: block; font-weight: 600; }
.card .path::before { content: "\\25b8\\a0"; color: var(--faint); font-weight: normal; }
.card[open] .path::before { content: "\\25be\\a0"; }
.card .line { display: block; }
.card > :not(summary) { margin-left: 0.8rem; margin-right: 0.8rem; }
dl { margin: 0.75rem 0; }
dl div { display: grid; grid-template-columns: 10rem 1fr; gap: 0 1rem; padding: 0.2rem 0; border-top: 1px solid var(--line); }
dt { color: var(--faint); }
dd { margin: 0; }
.findings { padding-left: 0; list-style: none; }
.findings li { margin: 0.4rem 0; padding-left: 0.7rem; border-left: 4px solid var(--line); }
.findings .error { border-color: var(--bar-bad); } .findings .error b { color: var(--bad); }
.findings .warning { border-color: var(--bar-unsure); } .findings .warning b { color: var(--unsure); }
.paths { padding-left: 1.1rem; }
.paths li { margin: 0.35rem 0; }
.reason { margin: 0.4rem 0; }
@media (max-width: 40rem) {
  dl div { grid-template-columns: 1fr; }
  .rules thead, .chart thead { position: absolute; clip-path: inset(50%); }
  .rules tr, .chart tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
  .rules th, .rules td, .chart th, .chart td { border: 0; padding: 0.1rem 0; }
  .rules th, .chart th[scope=row] { flex: 0 0 100%; }
  .rules td, .chart td { width: auto; }
  .chart .bar { flex: 1; }
  td[data-label]::after { content: " " attr(data-label); color: var(--faint); font-size: 0.85rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --page: #fff; --box: #fff; --text: #000; --faint: #444; --line: #bbb; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { border: 0; padding: 0; }
  .card, tr, .banner, .findings li { break-inside: avoid-page; }
  h2, h3 { break-after: avoid; }
  #tools { display: none; }
  .banner, .badge, rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
