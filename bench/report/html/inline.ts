/** Text as HTML: what comes from outside makes no markup, and the report's own emphasis does. */

import type { Markup } from '../document.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For plain text, also in a quoted attribute. */
export function plainHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A backslash and its character, code, strong, emphasis; the first that fits wins. */
const token = /\\([\s\S])|`([^`]*)`|\*\*((?:\\[\s\S]|[^*\\])+)\*\*|\*((?:\\[\s\S]|[^*\\])+)\*/g;

/** For `Markup`: `*a*`, `**a**`, `` `a` `` and backslashes, as in Markdown. */
export function markupHtml(markup: Markup): string {
  let html = '';
  let end = 0;
  for (const match of markup.matchAll(token)) {
    const [whole, literal, code, strong, emphasis] = match;
    html += plainHtml(markup.slice(end, match.index));
    end = match.index + whole.length;
    if (literal !== undefined) html += plainHtml(literal);
    else if (code !== undefined) html += `<code>${plainHtml(code)}</code>`;
    else if (strong !== undefined) html += `<strong>${markupHtml(strong)}</strong>`;
    else if (emphasis !== undefined) html += `<em>${markupHtml(emphasis)}</em>`;
  }
  return html + plainHtml(markup.slice(end));
}

/** Lines of prose do not end between a figure and its unit, inside an interval, or at the hyphen of a strategy's name. */
export function keptTogether(html: string, names: readonly string[]): string {
  const longestFirst = names.toSorted((one, other) => other.length - one.length).map(escapedPattern);
  const name =
    longestFirst.length === 0 ? null : new RegExp(`(?<![\\w+-])(?:${longestFirst.join('|')})(?![\\w+-])`, 'g');
  return html.replaceAll(/[^<>]+(?=<|$)/g, (text) => {
    const figures = text
      .replaceAll(/(\d\]?) (?=(?:µs|ms|s|min|%|bytes?)(?![\w-]))/g, '$1\u00a0')
      .replaceAll(/(\d) (?=\[-?\d)|(?<=\[-?[\d,.]+,) (?=-?[\d,.]+\])/g, '$1\u00a0');
    return name === null ? figures : figures.replaceAll(name, '<span class="name">$&</span>');
  });
}

function escapedPattern(text: string): string {
  return text.replaceAll(/[+.]/g, '\\$&');
}

/** The same without any markup: for titles and labels. */
export function markupText(markup: Markup): string {
  return markup.replaceAll(token, (_whole, literal, code, strong, emphasis) =>
    String(literal ?? code ?? strong ?? emphasis ?? ''),
  );
}

/** `What this does not show` as the id of its section. */
export function slug(title: Markup): string {
  return markupText(title)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
