import type { Keys } from './request';

/** A policy value cut into literal text and wildcards, its variables replaced; the value of a variable is always literal. */
export type Pattern = readonly ({ readonly literal: string } | '*' | '?')[];

/** Text without any of these stands for itself. */
const SPECIAL = /[$*?]/;
const PART = /\$\{([^}]*)\}|[*?]|[^$*?]+|\$/g;
const WITH_DEFAULT = /^\s*([^,\s]+)\s*,\s*'([^']*)'\s*$/;

const variableValue = (name: string, keys: Keys): string | undefined => {
  if (name === '*' || name === '?' || name === '$') return name;
  const [, key = name, fallback] = WITH_DEFAULT.exec(name) ?? [];
  const values = keys.get(key.trim().toLowerCase()) ?? [];
  return values.length === 1 ? values[0] : fallback;
};

/** Wildcards are wildcards and `${…}` is literal: actions, and every element of a policy without Version 2012-10-17. */
export const plainPattern = (text: string): Pattern =>
  [...text].map((character) => (character === '*' || character === '?' ? character : { literal: character }));

/**
 * Replaces `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}`.
 * @returns undefined if a variable has no value, or several: the element then matches nothing.
 * Source: IAM User Guide, "IAM policy elements: Variables and tags".
 */
export const expandPattern = (text: string, keys: Keys): Pattern | undefined => {
  if (!SPECIAL.test(text)) return [{ literal: text }];
  const pattern: ({ readonly literal: string } | '*' | '?')[] = [];
  for (const [part, variable] of text.matchAll(PART)) {
    const literal = variable === undefined ? part : variableValue(variable, keys);
    if (literal === undefined) return undefined;
    pattern.push(variable === undefined && (part === '*' || part === '?') ? part : { literal });
  }
  return pattern;
};

/** The value as text, for operators that know no wildcards. */
export const textOf = (pattern: Pattern): string => pattern.map((part) => (typeof part === 'string' ? part : part.literal)).join('');

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** `*` is any text, `?` any one character. */
export const matchesText = (pattern: Pattern, value: string, options: { readonly ignoreCase?: boolean } = {}): boolean => {
  const source = pattern.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escaped(part.literal))).join('');
  return new RegExp(`^${source}$`, options.ignoreCase ? 'isu' : 'su').test(value);
};

const RESOURCE_PART = 5;

/**
 * Compares ARNs part by part: a wildcard stays inside its part, except in the last one, which may hold colons.
 * `atPartEnd: 'spans'` is the Resource element's rule: a `*` that ends a part may match beyond the colon.
 * Source: IAM User Guide, "IAM JSON policy elements: Resource" and "Amazon Resource Name (ARN) condition operators".
 */
export const matchesArn = (pattern: Pattern, value: string, atPartEnd: 'spans' | 'stays'): boolean => {
  // A policy may list a thousand ARNs, of which all but one are other ones: no expression is made for each.
  if (atPartEnd === 'spans' && pattern.every((token) => typeof token !== 'string')) return textOf(pattern) === value;
  let part = 0;
  let source = '';
  pattern.forEach((token, index) => {
    if (typeof token !== 'string') {
      part += token.literal.split(':').length - 1;
      source += escaped(token.literal);
      return;
    }
    const next = pattern[index + 1];
    const endsPart = next === undefined || (typeof next !== 'string' && next.literal.startsWith(':'));
    const anyCharacter = part >= RESOURCE_PART || (token === '*' && atPartEnd === 'spans' && endsPart) ? '.' : '[^:]';
    source += token === '*' ? `${anyCharacter}*` : anyCharacter;
  });
  return (part >= RESOURCE_PART || atPartEnd === 'spans') && new RegExp(`^${source}$`, 'su').test(value);
};
