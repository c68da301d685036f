import * as z from 'zod';

/** What a value looks like in a message: text in quotes, anything else by its kind. */
const shown = (input: unknown): string => {
  if (typeof input === 'string') return `'${input}'`;
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'a group of keys' : String(input);
};

const missingOr = (input: unknown, otherwise: string, advice: string): string =>
  input === undefined ? `is missing; write ${advice}` : `${otherwise}; write ${advice}`;

/** Advice as the description that editors show: a sentence of its own. */
const sentence = (advice: string): string => `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;

/** A number where text belongs: YAML reads digits without quotes as a number and drops leading zeros, of which there are few. */
const asQuoted = (input: number, digits: number, advice: string): string => {
  const text = String(input);
  return text.length + 3 < digits ? advice : `it in quotes: "${text.padStart(digits, '0')}"`;
};

/** Text of one shape. `advice` completes "write …". `digits`: how many a value of digits alone must have. */
export const text = (pattern: RegExp, advice: string, digits = 0) =>
  z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? `is a number in YAML; write ${asQuoted(input, digits, advice)}`
          : missingOr(input, `is ${shown(input)}`, advice),
    })
    .regex(pattern, { error: ({ input }) => `is ${shown(input)}; write ${advice}` })
    .describe(sentence(advice));

/** One of a few words. */
export const word = <const W extends readonly [string, ...string[]]>(words: W, meaning: string) => {
  const advice = `${words.join(' or ')} (${meaning})`;
  return z.enum(words, { error: ({ input }) => missingOr(input, `is ${shown(input)}`, advice) }).describe(sentence(meaning));
};

/** A whole number within bounds. */
export const whole = (bounds: { readonly from: number; readonly to: number; readonly unit: string }) => {
  const advice = `a whole number from ${bounds.from} to ${bounds.to} (${bounds.unit})`;
  const error = ({ input }: { readonly input?: unknown }) => missingOr(input, `is ${shown(input)}`, advice);
  return z.int({ error }).min(bounds.from, { error }).max(bounds.to, { error }).describe(sentence(advice));
};

/** `true` or `false`. */
export const flag = (meaning: string) =>
  z.boolean({ error: ({ input }) => missingOr(input, `is ${shown(input)}`, `true or false (${meaning})`) }).describe(sentence(meaning));

/** A list with at least `least` items. */
export const list = <T extends z.ZodType>(item: T, advice: string, least = 1) => {
  const error = ({ input }: { readonly input?: unknown }) => missingOr(input, `is ${shown(input)}`, advice);
  return z
    .array(item, { error })
    .min(least, { error: () => `is an empty list; write ${advice}` })
    .describe(sentence(advice));
};

/**
 * A group of known keys. An unknown one is refused; the message of that issue has one line per unknown key, in the order of the
 * issue's `keys`.
 */
export const group = <S extends z.core.$ZodLooseShape>(shape: S, advice: string) =>
  z
    .strictObject(shape, {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join('\n')
          : missingOr(issue.input, `is ${shown(issue.input)}`, advice),
    })
    .describe(sentence(advice));

/** Says that a key is not known, and which one is close to it or which ones there are. */
export const unknownKey = (key: string, known: readonly string[]): string => {
  const nearest = known
    .map((name) => ({ name, distance: distance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(1, Math.floor(key.length / 3))
    ? `is not a known key; did you mean '${nearest.name}'?`
    : `is not a known key; write one of ${known.join(', ')}`;
};

/** Levenshtein's distance: how many letters to add, drop or replace. */
const distance = (from: string, to: string): number => {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
};
