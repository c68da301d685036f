import { isPrintable, printable } from '../../../handler/core/printable';

test.each<[string, string]>([
  ['arn:aws:s3:::raw/é/𝒳', 'arn:aws:s3:::raw/é/𝒳'],
  ['a\nb\u0000c\u0085', 'a?b?c?'],
  ['half \ud83d', 'half ?'],
  ['x'.repeat(300), 'x'.repeat(300)],
  ['x'.repeat(301), `${'x'.repeat(300)}…`],
  [`${'x'.repeat(299)}𝒳`, `${'x'.repeat(299)}?…`],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect([isPrintable(text), isPrintable(shown)]).toEqual([text.length > 300 || shown === text, true]);
});
