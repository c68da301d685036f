/** Control characters and unpaired surrogates. A location that contains one is refused. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * What a terminal, a log or a page obeys or does not show: also line and paragraph separators, bidirectional overrides, and
 * characters without width. Source: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const LONGEST = 300;

export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

/** Returns external text as one line that is safe to show: every misleading character becomes `?`, and the end is cut off after `longest`. */
export const printable = (text: string, longest = LONGEST): string => {
  // Cut first: the cut can split a surrogate pair.
  const shown = text.slice(0, longest).replace(MISLEADING, '?');
  return text.length > longest ? `${shown}…` : shown;
};

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Returns JSON text that means the same and is safe to show: every misleading character becomes its `\u` escape. Line breaks stay:
 * in JSON text they are layout, never part of a value.
 */
export const printableJson = (json: string): string =>
  json.replace(MISLEADING, (character) => (character === '\n' ? character : character.split('').map(escaped).join('')));
