import { withPlainKeys } from '../../src/build/plain-keys';

const bundle = (...lines: readonly string[]): string => `var _ht = "http";\nvar _q = "a \\"quoted\\" key";\n${lines.join('\n')}\n`;

describe('Keys computed from named texts', () => {
  it.each([
    ['the first key of an object', '({ [_ht]: 1 })', '({ "http": 1 })'],
    ['a later key', '({ a: 1, [_ht]: [2] })', '({ a: 1, "http": [2] })'],
    ['a key with quotes', '({ [_q]: 1 })', '({ "a \\"quoted\\" key": 1 })'],
    ['a key on a line of its own', '({\n  [_ht]: 1\n})', '({\n  "http": 1\n})'],
  ])('are written out: %s', (_what, code, expected) => {
    expect(withPlainKeys(bundle(code))).toBe(bundle(expected));
    // biome-ignore lint/security/noGlobalEval: what is compared is what the two texts mean.
    const meaning = (text: string): unknown => eval(text);
    expect(meaning(withPlainKeys(bundle(code)))).toEqual(meaning(bundle(code)));
  });

  it.each([
    ['a condition between two lists', 'const list = (yes) => yes ? [_ht] : [_q];'],
    ['a condition with an index', 'const at = (yes, of) => yes ? of[_ht] : of;'],
    ['a name that is no text', 'const _x = compute();\n({ [_x]: 1 })'],
    ['a key that would be the prototype', 'const _p = "__proto__";\n({ [_p]: 1 })'],
  ])('are left as they are: %s', (_what, code) => {
    expect(withPlainKeys(bundle(code))).toBe(bundle(code));
  });
});
