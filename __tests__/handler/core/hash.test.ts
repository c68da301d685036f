import { shortHash } from '../../../handler/core/hash';

describe('the short hash of a text', () => {
  // Every Sid of ours rests on these digits. Source: https://stackoverflow.com/a/52171480
  test.each([
    ['a', 7_929_297_801_672_961],
    ['b', 8_684_336_938_537_663],
    ['revenge', 4_051_478_007_546_757],
    ['revenue', 8_309_097_637_345_594],
  ])('is cyrb53 in base 36: %s', (text, hash) => {
    expect(shortHash(text, 11)).toBe(hash.toString(36).padStart(11, '0'));
  });

  test('has as many digits as were asked for, the last ones, and zeros before them', () => {
    expect(shortHash('', 11)).toBe('0wvjl67o803');
    expect(shortHash('', 6)).toBe('67o803');
  });

  test('tells apart what differs in one letter anywhere, or in length', () => {
    const texts = ['', 'a', 'aa', 'aaa', 'baa', 'aba', 'aab', 'ä', 'a\u0000'];
    expect(new Set(texts.map((text) => shortHash(text, 7))).size).toBe(texts.length);
  });
});
