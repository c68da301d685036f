/** Control characters, and halves of surrogate pairs, which are no text at all. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const LONGEST = 300;

export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

/** What somebody wrote, as it may stand in a sentence of ours: without what a terminal or a log would act on, and not without end. */
export const printable = (text: string): string => {
  // Cut first: what is cut in two is no text at all either.
  const shown = text.slice(0, LONGEST).replace(new RegExp(UNPRINTABLE, 'gu'), '?');
  return text.length > LONGEST ? `${shown}…` : shown;
};
