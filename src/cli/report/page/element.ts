type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

/** Makes an element. Texts become text nodes, whatever they hold: no data of a report is ever read as markup. */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/** The same for SVG. */
export const drawing = <Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Tag] => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const numbers = new Intl.NumberFormat('en');

/** `10,000`. */
export const count = (value: number): string => numbers.format(value);

/** `1 grant`, `10,000 grants`. */
export const counted = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

/** A time in UTC to the minute, with the whole one for machines. */
export const time = (iso: string): HTMLElement =>
  element('time', { datetime: iso, title: iso }, [`${iso.slice(0, 10)} ${iso.slice(11, 16)}`]);

/** Two lines of a cell, the second one quieter. */
export const lines = (first: Child, second: Child | undefined): readonly Child[] => [
  element('div', { class: 'first' }, [first]),
  ...(second === undefined || second === '' ? [] : [element('div', { class: 'second' }, [second])]),
];

/** A state as a badge; its colour repeats what its text says. */
export const badge = (state: string): HTMLElement => element('span', { class: `badge state-${state.replace(/[^a-z-]/g, '')}` }, [state]);
