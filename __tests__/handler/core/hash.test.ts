import { shortHash } from '../../../handler/core/hash';

describe('the short hash of a text', () => {
  // Every Sid depends on these digits. The values are the first 16 hexadecimal digits of `printf %s TEXT | sha256sum`.
  test.each([
    ['', 'e3b0c44298fc1c14'],
    ['abc', 'ba7816bf8f01cfea'],
    ['é', '4a99557e4033c353'],
  ])('is the start of its SHA-256 in base 36: %j', (text, digits) => {
    expect(shortHash(text, 13)).toBe(BigInt(`0x${digits}`).toString(36).padStart(13, '0'));
  });

  test('has the requested number of digits, the last ones', () => {
    const whole = shortHash('abc', 13);
    expect([6, 7].map((length) => shortHash('abc', length))).toEqual([whole.slice(-6), whole.slice(-7)]);
  });

  test('starts with zeros if the number is small', () => {
    const texts = Array.from({ length: 200 }, (_, index) => shortHash(String(index), 13));
    expect(texts.filter((text) => !/^[0-9a-z]{13}$/.test(text))).toEqual([]);
    expect(texts.some((text) => text.startsWith('0'))).toBe(true);
  });

  test('differs for texts that differ in one letter or in length', () => {
    const texts = ['', 'a', 'aa', 'aaa', 'baa', 'aba', 'aab', 'ä', 'a\u0000'];
    expect(new Set(texts.map((text) => shortHash(text, 7))).size).toBe(texts.length);
  });
});
