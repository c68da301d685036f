/** One promise broken on purpose: in `file` the text `find`, which occurs once, becomes `replace`; one of `tests` must fail. */
export type Patch = {
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
};

/** A test file of the handler. */
export const handlerTest = (path: string): string => `__tests__/handler/${path}.test.ts`;
