import fc from 'fast-check';
import { isPrintable, printable, printableJson } from '../../../handler/core/printable';
import { law } from './property';

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

test.each<[string, string]>([
  ['escape', '\u001b[2J'],
  ['delete', '\u007f'],
  ['a C1 control sequence', '\u009b2J'],
  ['a bidirectional override', '\u202egpj'],
  ['a bidirectional isolate', '\u2066gpj'],
  ['a character without width', '\u200bgpj'],
  ['a byte order mark', '\ufeff'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['an invisible letter', '\u3164'],
  ['an invisible tag', '\u{e0041}'],
])('%s is never shown', (_what, text) => {
  const [first = ''] = text;
  expect(printable(text)).toBe(text.replace(first, '?'));
});

test('the length is a choice of the caller', () => {
  expect([printable('abcd', 3), printable('abcd', 4)]).toEqual(['abc…', 'abcd']);
});

const MISLEADING = /[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/u;

law('JSON text is escaped to the same value, in whatever layout', fc.tuple(fc.jsonValue(), fc.string({ unit: 'binary' })), (value) => {
  for (const layout of [undefined, 2]) {
    const safe = printableJson(JSON.stringify(value, null, layout));
    expect(safe.replaceAll('\n', '')).not.toMatch(MISLEADING);
    expect(JSON.parse(safe)).toEqual(JSON.parse(JSON.stringify(value)));
  }
});

test('JSON text is escaped by UTF-16 units', () => {
  expect(printableJson('"\u202e\u{e0041}\u007fé𝒳"')).toBe('"\\u202e\\udb40\\udc41\\u007fé𝒳"');
});
