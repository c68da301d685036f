import { createHash } from 'node:crypto';
import { printable } from '../../../handler/core/printable';
import type { ReportData } from './report-data';

/** The page's program and its style, each one text without references to anything outside. */
export interface ReportPage {
  readonly script: string;
  readonly style: string;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands in HTML, in an attribute too. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/**
 * A value as JSON that nothing within a script element can end: no `<`, so neither `</script>` nor `<!--`, whatever a listing is
 * called; and no line separators, which are newlines to JavaScript alone.
 */
export const embeddedJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Longest text that a page shows whole: DataZone's longest reason. */
const LONGEST = 4_096;

/** The same data with every text safe to show: an override of the text's direction in a name would reorder what stands beside it. */
const printableData = (data: ReportData): ReportData =>
  JSON.parse(JSON.stringify(data), (_name, value: unknown) => (typeof value === 'string' ? printable(value, LONGEST) : value));

const source = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Only this program and this style, no connection, no image, no frame: a report can be opened from anywhere and says nothing to anybody. */
const contentSecurityPolicy = ({ script, style }: ReportPage): string =>
  ["default-src 'none'", `script-src ${source(script)}`, `style-src ${source(style)}`, "base-uri 'none'", "form-action 'none'"].join('; ');

/**
 * One self-contained HTML file. Data is embedded as JSON and put on the page as text, never as markup.
 * @throws Error when program or style would end their element early
 */
export const reportHtml = (data: ReportData, page: ReportPage): string => {
  if (/<\/script|<!--/i.test(page.script) || /<\/style/i.test(page.style))
    throw new Error("the report's program or style holds an end tag, so it cannot be put into a page; write it in another way");
  const shown = printableData(data);
  const title = `S3 access: ${shown.deployment}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(page))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${page.style}</style>
</head>
<body>
<noscript><p>This report is drawn by a program within this file. Allow JavaScript for it; it connects to nothing.</p></noscript>
<script type="application/json" id="report-data">${embeddedJson(shown)}</script>
<script>${page.script}</script>
</body>
</html>
`;
};
