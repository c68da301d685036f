/** `var _ht = "http";`, as a bundle declares it: at the start of a line, once for each name. */
const NAMED_TEXT = /^(?:var|const) (_\w+) = ("(?:[^"\\]|\\.)*");$/gm;
/** `{ [_ht]:` or `, [_ht]:`: between these marks it can be nothing but the computed key of an object. */
const COMPUTED_KEY = /([{,]\s*)\[(_\w+)\](?=\s*:)/g;

/**
 * A bundle in which the keys that are computed from named texts are written out: `{ [_ht]: … }` as `{ "http": … }`. The SDK's clients
 * describe every operation of their service with such keys, and because computing a key could have an effect, a bundler must keep
 * all of them; written out, it drops those that no command uses, a quarter of the bundle. The meaning is the same.
 */
export const withPlainKeys = (bundle: string): string => {
  const texts = new Map([...bundle.matchAll(NAMED_TEXT)].map(([, name = '', text = '']) => [name, text]));
  // As a plain key it would name the object's prototype.
  for (const [name, text] of texts) if (text === '"__proto__"') texts.delete(name);
  return bundle.replace(COMPUTED_KEY, (key: string, before: string, name: string) => {
    const text = texts.get(name);
    return text === undefined ? key : `${before}${text}`;
  });
};
