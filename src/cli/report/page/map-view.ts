import { type AccessMap, accessMap, type MapNode } from '../access-map';
import type { ReportGrant } from '../report-data';
import { count, counted, drawing, element } from './element';

/** Nodes in a column: what fits on a screen or a printed page. */
const MOST = 36;
const WIDTH = 1120;
const [ROW, BOX, TOP] = [40, 32, 34];
const BOXES = [
  { x: 0, width: 260, title: 'Projects' },
  { x: 420, width: 260, title: 'Principals' },
  { x: 840, width: 280, title: 'Places' },
] as const;

const shortened = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** The map of who reads what. Choosing a node, by mouse or with Enter, has its grants searched in the table. */
export class MapView {
  readonly view = element('div', { class: 'map' });
  private nodes: SVGGElement[][] = [];
  private readonly said = element('p', { class: 'note' });

  constructor(private readonly choose: (search: string) => void) {}

  show(grants: readonly ReportGrant[]): void {
    const map = accessMap(grants, { most: MOST });
    if (map.links.length === 0) {
      this.said.textContent = 'Nobody has access by these grants.';
      this.view.replaceChildren(this.said);
      return;
    }
    const tallest = Math.max(...map.columns.map(({ length }) => length));
    const height = TOP + tallest * ROW;
    const at = new Map<string, { readonly x: number; readonly y: number; readonly width: number }>();
    for (const [column, nodes] of map.columns.entries())
      for (const [row, { id }] of nodes.entries()) {
        const { x, width } = BOXES[column] ?? BOXES[0];
        at.set(id, { x, width, y: TOP + row * ROW + ((tallest - nodes.length) * ROW) / 2 });
      }
    const links = map.links.map((link) => {
      const [from, to] = [at.get(link.from), at.get(link.to)];
      if (from === undefined || to === undefined) return drawing('g');
      const [x1, y1, x2, y2] = [from.x + from.width, from.y + BOX / 2, to.x, to.y + BOX / 2];
      const bend = (x2 - x1) / 2;
      return drawing('path', {
        class: 'link',
        d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
        'stroke-width': String(Math.min(6, 1 + Math.log2(link.grants))),
      });
    });
    const titles = BOXES.map(({ x, title }) => drawing('text', { class: 'column', x: String(x), y: '18' }, [title]));
    this.nodes = map.columns.map((nodes, column) => nodes.map((node) => this.node(node, { column, at: at.get(node.id) })));
    this.nodes[0]?.[0]?.setAttribute('tabindex', '0');
    this.light(map, links);
    const picture = drawing(
      'svg',
      {
        viewBox: `0 0 ${WIDTH} ${height}`,
        role: 'group',
        'aria-label': 'Access map: projects, their principals, and the places these read',
      },
      [...titles, ...links, ...this.nodes.flat()],
    );
    picture.addEventListener('keydown', (event) => this.key(event));
    this.said.textContent = noteOf(map);
    this.view.replaceChildren(element('div', { class: 'scroller' }, []), this.said);
    this.view.firstElementChild?.append(picture);
  }

  private node(node: MapNode, { column, at }: { column: number; at: { x: number; y: number; width: number } | undefined }): SVGGElement {
    const { x, y, width } = at ?? { x: 0, y: 0, width: 0 };
    const text = (y: number, of: string, kind: string) => drawing('text', { class: kind, x: '12', y: String(y) }, [of]);
    const label = `${BOXES[column]?.title.replace(/s$/, '') ?? ''} ${node.label}, ${node.detail}: ${counted(node.grants, 'grant')}`;
    const group = drawing(
      'g',
      { class: `node column-${column}`, transform: `translate(${x} ${y})`, role: 'button', tabindex: '-1', 'aria-label': label },
      [
        drawing('title', {}, [`${label}\n${node.search}`]),
        drawing('rect', { width: String(width), height: String(BOX), rx: '6' }),
        text(14, shortened(node.label, 32), 'label'),
        text(27, shortened(node.detail, 34), 'detail'),
        drawing('text', { class: 'detail', x: String(width - 10), y: '20', 'text-anchor': 'end' }, [count(node.grants)]),
      ],
    );
    const chosen = () => this.choose(node.search);
    group.addEventListener('click', chosen);
    group.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      chosen();
    });
    return group;
  }

  /** Has the node under the pointer, or with the focus, light up with all that it reaches. */
  private light(map: AccessMap, links: readonly SVGElement[]): void {
    const elements = new Map(map.columns.flatMap((nodes, column) => nodes.map(({ id }, row) => [id, this.nodes[column]?.[row]] as const)));
    for (const [id, group] of elements) {
      const lit = (on: boolean) => {
        const reached = reachedFrom(id, map);
        for (const [index, { from, to }] of map.links.entries())
          links[index]?.classList.toggle('lit', on && reached.has(from) && reached.has(to));
        for (const [other, box] of elements) box?.classList.toggle('lit', on && reached.has(other));
        this.view.classList.toggle('lighting', on);
      };
      for (const begin of ['mouseenter', 'focus']) group?.addEventListener(begin, () => lit(true));
      for (const end of ['mouseleave', 'blur']) group?.addEventListener(end, () => lit(false));
    }
  }

  /** One stop of the tab key, and within it the arrows. */
  private key(event: KeyboardEvent): void {
    const { target } = event;
    if (!(target instanceof SVGGElement)) return;
    const column = this.nodes.findIndex((nodes) => nodes.includes(target));
    const row = this.nodes[column]?.indexOf(target) ?? -1;
    const [across, down] = STEPS[event.key] ?? [0, 0];
    const nodes = this.nodes[column + across];
    const next = nodes?.[Math.min(row + down, nodes.length - 1)];
    if ((across === 0 && down === 0) || next === undefined) return;
    event.preventDefault();
    for (const node of this.nodes.flat()) node.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }
}

/** What a node leads to and comes from: a project's principals and their places, a place's principals and their projects. */
const reachedFrom = (id: string, { links }: AccessMap): ReadonlySet<string> => {
  const [onward, back] = [new Set([id]), new Set([id])];
  // Two steps cross the three columns, whatever order the links are in.
  for (const _step of [1, 2])
    for (const { from, to } of links) {
      if (onward.has(from)) onward.add(to);
      if (back.has(to)) back.add(from);
    }
  return new Set([...onward, ...back]);
};

const STEPS: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const noteOf = ({ byAccount, byBucket, hidden }: AccessMap): string =>
  [
    'Who can read now, by the grants that the table shows. A line stands for grants, the thicker the more; choosing a box searches the table for it.',
    ...(byAccount
      ? ['There are too many principals to be drawn, so they are drawn by account: search for a project or a place to see them.']
      : []),
    ...(byBucket ? ['There are too many places to be drawn, so they are drawn by bucket.'] : []),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'box', 'boxes')} with the fewest grants left out.`]),
  ].join(' ');
