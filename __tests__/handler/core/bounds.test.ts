import { cut } from '../../../handler/core/bounds';

test.each([
  { text: '', length: 3, shown: '' },
  { text: 'abc', length: 3, shown: 'abc' },
  { text: 'abcd', length: 3, shown: 'abc…' },
  { text: 'ab\ud83d\ude00', length: 3, shown: 'ab…' },
  { text: 'a\ud83d\ude00b', length: 3, shown: 'a\ud83d\ude00…' },
])('$text is cut to $length characters as $shown', ({ text, length, shown }) => {
  expect(cut(text, length)).toBe(shown);
});
