import fc from 'fast-check';
import { hostileKey, hostileText, junk } from './hostile';

type Container = Record<string, unknown> | unknown[];
type Place = { readonly holder: Container; readonly key: string };

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const placesIn = (value: unknown): readonly Place[] =>
  isContainer(value) ? Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner)]) : [];

/** Sets an own member, also one that is called `__proto__`; a list keeps its length. */
const put = (holder: object, key: string, value: unknown): void => {
  if (Array.isArray(holder) && key === 'length') return;
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

type TextEdit = {
  readonly kind: 'insert' | 'cut' | 'double' | 'end' | 'replace';
  readonly at: number;
  readonly length: number;
  readonly text: string;
};

const textEdit: fc.Arbitrary<TextEdit> = fc.record({
  kind: fc.constantFrom('insert', 'cut', 'double', 'end', 'replace'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 12 }),
  text: hostileText,
});

const editText = (text: string, { kind, at, length, text: other }: TextEdit): string => {
  const start = at % (text.length + 1);
  const [before, after] = [text.slice(0, start), text.slice(start)];
  switch (kind) {
    case 'insert':
      return before + other + after;
    case 'cut':
      return before + after.slice(length);
    case 'double':
      return before + after.slice(0, length) + after;
    case 'end':
      return before;
    case 'replace':
      return before + other + after.slice(length);
  }
};

/** A text with up to three edits; sometimes none, sometimes another text altogether. */
export const mutatedText = (text: string, most = 3): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(textEdit, { maxLength: most }).map((edits) => edits.reduce(editText, text)) },
    { weight: 1, arbitrary: hostileText },
  );

type Edit = {
  readonly kind: 'replace' | 'remove' | 'add' | 'rename' | 'text' | 'wrap';
  readonly at: number;
  readonly key: string;
  readonly value: unknown;
  readonly text: TextEdit;
};

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('replace', 'remove', 'add', 'rename', 'text', 'text', 'wrap'),
  at: fc.nat(),
  key: hostileKey,
  value: junk,
  text: textEdit,
});

const editPlace = (root: unknown, { kind, at, key, value: drawn, text }: Edit): void => {
  // Drawn values are shared; an edit of one must not turn up in another.
  const value = structuredClone(drawn);
  const places = placesIn(root);
  const place = places[at % places.length];
  if (place === undefined) return;
  const { holder } = place;
  const current: unknown = Reflect.get(holder, place.key);
  switch (kind) {
    case 'replace':
      put(holder, place.key, value);
      break;
    case 'remove':
      Reflect.deleteProperty(holder, place.key);
      break;
    case 'add':
      put(isContainer(current) ? current : holder, key, value);
      break;
    case 'rename':
      Reflect.deleteProperty(holder, place.key);
      put(holder, key, current);
      break;
    case 'text':
      put(holder, place.key, typeof current === 'string' ? editText(current, text) : value);
      break;
    case 'wrap':
      put(holder, place.key, [current]);
      break;
  }
};

/** A value that JSON can hold, with up to `most` edits somewhere in it; sometimes none. */
export const mutated = (value: unknown, most = 3): fc.Arbitrary<unknown> =>
  fc.array(edit, { maxLength: most }).map((edits) => {
    const root = { value: structuredClone(value) };
    for (const one of edits) editPlace(root, one);
    return root.value;
  });

/** The same as JSON text, which itself may be edited. */
export const mutatedJson = (value: unknown, most = 3): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: mutated(value, most).map((changed) => JSON.stringify(changed) ?? '') },
    { weight: 1, arbitrary: mutatedText(JSON.stringify(value), 2) },
  );

/** An item some of whose members are JSON texts: edited beside them, or within one of them. */
export const mutatedItem = (
  item: Readonly<Record<string, unknown>>,
  texts: readonly string[],
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.oneof(
    mutated(item, 2).map((changed) => Object(changed)),
    ...texts.map((name) => mutatedJson(JSON.parse(String(item[name])), 2).map((text) => ({ ...item, [name]: text }))),
  );
