/** The report's looks: one style sheet, light and dark by the reader's choice, and for paper. */

/**
 * Colours: blue, green and orange with their shades are told apart by people with any of the usual kinds of colour
 * blindness, and each has a contrast of at least 3 to 1 with the page; text has 4.5 or more.
 */
const light = `
  --page: #ffffff; --raised: #f6f7f9; --ink: #1a1f26; --muted: #55606e; --line: #d5dbe3; --grid: #e8ecf1; --link: #0b5cad;
  --asks-0: #0b4f8f; --asks-1: #2b7fd0; --asks-2: #5b52c4; --asks-3: #0b7c93;
  --follows-0: #0b6b46; --follows-1: #2f9363; --follows-2: #5d7d0e; --follows-3: #0a8379;
  --alone-0: #b4430a; --alone-1: #d06a10; --alone-2: #a12f5d; --alone-3: #8a5a12;
  --reference: #6a7482;
  --bad: #a8201a; --bad-page: #fdecea; --warn: #7a5000; --warn-page: #fff5dc; --good: #0b6b46; --good-page: #e7f5ee;
  --open-page: #fdeede; --unsure: #6a7482; --unsure-page: #eef0f3; --noise: #6a7482;`;

const dark = `
  --page: #12161c; --raised: #1b2129; --ink: #e8edf3; --muted: #a3aebb; --line: #38424e; --grid: #262e38; --link: #7ab7ff;
  --asks-0: #6fb3ff; --asks-1: #3d8fe6; --asks-2: #a49cff; --asks-3: #3fb8d1;
  --follows-0: #4fd39a; --follows-1: #2fa573; --follows-2: #a9cb4a; --follows-3: #3cc7ba;
  --alone-0: #ff9c5e; --alone-1: #e0791c; --alone-2: #f27fae; --alone-3: #d1a24a;
  --reference: #97a3b1;
  --bad: #ff938a; --bad-page: #3a1a1a; --warn: #f0c469; --warn-page: #33290f; --good: #5fd7a1; --good-page: #12301f;
  --open-page: #38240f; --unsure: #97a3b1; --unsure-page: #252c35; --noise: #97a3b1;`;

/** The colours by their names, for a page or a picture of its own. */
export const colours = `:root { color-scheme: light dark;${light}
}
@media (prefers-color-scheme: dark) { :root {${dark}
} }`;

export const fonts = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif';

export const style = `
${colours}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 ${fonts}; }
a { color: var(--link); }
code { font: .9em ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.4rem); margin: .2rem 0 1rem; letter-spacing: -.015em; }
h2 { font-size: 1.45rem; margin: 0 0 .6rem; letter-spacing: -.01em; }
h3 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
p, ul { margin: 0 0 .9rem; max-width: 46rem; overflow-wrap: break-word; }
ul { padding-left: 1.2rem; }
li { margin-bottom: .3rem; }
.frame { max-width: 64rem; margin: 0 auto; padding: 1.2rem 1rem 4rem; }
.kicker { margin: 0; max-width: none; color: var(--muted); font-size: .9rem; }
.kicker b { color: var(--ink); }
.name { white-space: nowrap; }
.standing { margin: 0 0 1rem; padding: .9rem 1.1rem; border: 2px solid var(--bad); border-left-width: .6rem; border-radius: .4rem; background: var(--bad-page); font-size: 1.1rem; font-weight: 650; max-width: none; }
.weaknesses { margin: 0 0 1.2rem; padding: .7rem 1rem; border: 1px solid var(--warn); border-left-width: .6rem; border-radius: .4rem; background: var(--warn-page); }
.weaknesses h2 { font-size: 1rem; margin: 0 0 .3rem; }
.weaknesses ul { margin: 0; padding-left: 1.1rem; max-width: none; }
.weaknesses li { margin: 0; }
.weaknesses .void { font-weight: 650; color: var(--bad); }
.lead { font-size: clamp(1.08rem, 1rem + .6vw, 1.35rem); line-height: 1.45; max-width: 50rem; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13.5rem), 1fr)); gap: .8rem; margin: 1.4rem 0; }
.glance > div { border: 1px solid var(--line); border-top: 3px solid var(--ink); border-radius: .3rem; padding: .7rem .9rem; background: var(--raised); break-inside: avoid; }
.glance dt { font-size: .85rem; color: var(--muted); }
.glance dd { margin: 0; }
.glance .value { font-size: 1.15rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; margin: .15rem 0 .3rem; }
.glance .note { font-size: .85rem; color: var(--muted); }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: .3rem 1.5rem; margin: 0 0 1.4rem; font-size: .9rem; }
.key dt { color: var(--muted); }
.key dd { margin: 0 0 .4rem; }
.key span { white-space: nowrap; margin-right: .8rem; }
.swatch { width: .85em; height: .85em; margin-right: .35em; vertical-align: -.08em; }
section { margin: 0; padding: 2.2rem 0 0; }
section > h2 { border-top: 1px solid var(--line); padding-top: 1rem; }
.table { overflow-x: auto; margin: 0 0 1rem; border-radius: .2rem; }
.table:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: .85rem; color: var(--muted); padding-bottom: .3rem; }
th, td { padding: .38rem 1rem .38rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; font-weight: 600; color: var(--muted); border-bottom: 2px solid var(--line); }
tbody th { font-weight: 600; white-space: nowrap; }
.table th:first-child { position: sticky; left: 0; background: var(--page); }
.figures td, .figures thead th:not(:first-child) { text-align: right; white-space: nowrap; }
.figures thead th:not(:first-child) { white-space: normal; min-width: 4.5rem; }
.texts td { min-width: 7rem; overflow-wrap: break-word; }
.texts tbody th { white-space: normal; min-width: 6.5rem; }
.texts tbody th:has(.swatch) { white-space: nowrap; }
td.void { color: var(--bad); font-weight: 650; }
td.unsure, .unsure { color: var(--unsure); font-style: italic; }
td.absent { color: var(--muted); }
td.bad { color: var(--bad); font-weight: 650; }
td.good { color: var(--good); font-weight: 650; }
.matrix { font-size: .84rem; border-collapse: separate; border-spacing: .2rem; }
.matrix th, .matrix td { border: 0; padding: .4rem .45rem; }
.matrix thead th { overflow-wrap: anywhere; }
.matrix th:first-child { padding-left: 0; }
.matrix tbody th { min-width: 8rem; white-space: normal; }
.matrix tbody th small { display: block; font-weight: 400; color: var(--muted); }
.matrix td { border-radius: .3rem; min-width: 5.1rem; background: var(--raised); border-left: .25rem solid var(--line); }
.matrix td b { display: block; }
.matrix .held { background: var(--good-page); border-color: var(--good); }
.matrix .proven { background: var(--unsure-page); border-color: var(--unsure); }
.matrix .open, .matrix .open-by-design { background: var(--open-page); border-color: var(--alone-1); }
.matrix .closed { background: var(--warn-page); border-color: var(--warn); }
.matrix .open-by-design { border-left-style: double; }
.matrix .failed { background: var(--bad-page); border-color: var(--bad); color: var(--bad); outline: 2px solid var(--bad); font-weight: 650; }
.matrix .unknown { background: repeating-linear-gradient(135deg, var(--unsure-page) 0 6px, var(--page) 6px 12px); border-color: var(--unsure); }
.matrix .none { background: none; border-color: transparent; color: var(--muted); }
figure { margin: 0 0 1.4rem; }
figcaption { font-size: .9rem; color: var(--muted); max-width: 46rem; margin-bottom: .4rem; }
figcaption b { color: var(--ink); display: block; font-size: 1rem; }
.chart { display: block; width: 100%; height: auto; max-width: 60rem; font-family: inherit; overflow: visible; }
.narrow { display: none; }
.legend { list-style: none; padding: 0; margin: .2rem 0 .4rem; max-width: none; font-size: .88rem; display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
details { margin: .2rem 0 1rem; }
summary { cursor: pointer; color: var(--link); font-size: .9rem; padding: .25rem 0; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: .15rem; }
.contents ul { columns: 2 10rem; list-style: none; padding: 0; max-width: none; font-size: .92rem; }
.rail { display: none; }
footer { margin-top: 3rem; color: var(--muted); font-size: .85rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 40rem) {
  .wide { display: none; }
  .narrow { display: block; }
  section { padding-top: 1.6rem; }
  th, td { padding-right: .7rem; }
  .texts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .texts tbody, .texts tr, .texts th, .texts td { display: block; border: 0; padding: 0; }
  .texts tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  .texts th:first-child { position: static; overflow-wrap: anywhere; }
  .texts td { padding-left: 6.5rem; overflow-wrap: anywhere; }
  .texts td[data-name]::before { content: attr(data-name); float: left; width: 6rem; margin-left: -6.5rem; color: var(--muted); font-weight: 400; font-style: normal; }
  .texts td::after { content: ''; display: block; clear: left; }
  .matrix { width: max-content; border-spacing: .15rem; }
  .matrix tbody th, .matrix thead th:first-child { min-width: 6.5rem; max-width: 8rem; }
  .matrix thead th { max-width: 8rem; }
  .matrix td div { max-width: 8rem; }
}
@media (min-width: 80rem) {
  .frame { max-width: 80rem; display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0 3rem; }
  .contents { display: none; }
  .rail { display: block; position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; font-size: .88rem; }
  .rail ul { list-style: none; padding: 0; }
  .rail a { color: var(--muted); text-decoration: none; }
  .rail a:hover { color: var(--link); text-decoration: underline; }
}
@media (forced-colors: active) { .matrix td, .glance > div { border: 1px solid; } }
@media print {
  :root { color-scheme: light;${light}
  }
  @page { margin: 14mm; }
  html { font-size: 9.5pt; }
  h1 { font-size: 1.7rem; }
  .lead { font-size: 1.15rem; max-width: none; }
  p, ul, figcaption { max-width: none; }
  section { padding-top: 1.4rem; }
  .glance { grid-template-columns: repeat(4, 1fr); }
  .frame { display: block; max-width: none; padding: 0; }
  .contents, .rail, summary { display: none; }
  details::details-content { content-visibility: visible; height: auto; }
  .wide { display: block; }
  .narrow { display: none; }
  .chart, tr, li, .glance, .key, figcaption, .standing, .weaknesses { break-inside: avoid; }
  h2, h3, figcaption, thead, caption, tbody tr:first-child { break-after: avoid; }
  tbody tr:last-child { break-before: avoid; }
  .legend { break-before: avoid; }
  p { orphans: 3; widows: 3; }
  .table { overflow: visible; }
  table { font-size: 7.5pt; width: 100%; }
  th, td { white-space: normal !important; min-width: 0 !important; padding-right: .35rem; }
  a { color: inherit; text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
