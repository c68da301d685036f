import { count, element } from './element';

/** A column: what a cell shows, and the text that it is sorted by; without one it is not sorted. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => readonly (Node | string)[];
  readonly sortBy?: (row: Row) => string | number;
}

export interface PagedTableProps<Row> {
  /** Beginning of the ids within; unlike any other table's. */
  readonly id: string;
  readonly caption: string;
  /** What a row is called: `grant`, `grants`. */
  readonly noun: readonly [one: string, many: string];
  readonly columns: readonly Column<Row>[];
  /** What stands there when no row is left. */
  readonly empty: string;
}

/** Rows on a page: so many are in the document, however many there are. Only for printing all of them are. */
const PAGE = 50;

/** A table that shows a page of its rows, sorts by its columns, says what it shows, and is printed whole. */
export class PagedTable<Row> {
  readonly view: HTMLElement;
  private rows: readonly Row[] = [];
  private total = 0;
  private page = 0;
  private order: { readonly column: number; readonly descending: boolean } | undefined;
  private readonly body = element('tbody');
  private readonly said = element('p', { class: 'count', role: 'status' });
  private readonly previous = element('button', { type: 'button' }, ['Previous page']);
  private readonly next = element('button', { type: 'button' }, ['Next page']);
  private readonly heads: readonly HTMLTableCellElement[];

  constructor(private readonly props: PagedTableProps<Row>) {
    this.heads = props.columns.map((column, index) => this.head(column, index));
    const caption = element('caption', { class: 'unseen' }, [props.caption]);
    const table = element('table', { id: `${props.id}-table` }, [
      caption,
      element('thead', {}, [element('tr', {}, this.heads)]),
      this.body,
    ]);
    const scroller = element('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': props.caption }, [table]);
    this.previous.addEventListener('click', () => this.turn(-1));
    this.next.addEventListener('click', () => this.turn(1));
    const pager = element('div', { class: 'pager' }, [this.said, this.previous, this.next]);
    this.view = element('div', { class: 'paged', id: props.id }, [pager, scroller]);
    window.addEventListener('beforeprint', () => this.draw(true));
    window.addEventListener('afterprint', () => this.draw());
  }

  /** Shows other rows, of so many in all, from the first page on. */
  show(rows: readonly Row[], total = rows.length): void {
    this.rows = this.sorted(rows);
    this.total = total;
    this.page = 0;
    this.draw();
  }

  private head({ title, sortBy }: Column<Row>, index: number): HTMLTableCellElement {
    const head = element('th', { scope: 'col' });
    if (sortBy === undefined) head.append(title);
    else {
      const button = element('button', { type: 'button', class: 'sort' }, [title]);
      button.addEventListener('click', () => this.sort(index));
      head.append(button);
      head.setAttribute('aria-sort', 'none');
    }
    return head;
  }

  private sort(column: number): void {
    this.order = { column, descending: this.order?.column === column && !this.order.descending };
    for (const [index, head] of this.heads.entries())
      if (head.hasAttribute('aria-sort'))
        head.setAttribute('aria-sort', index !== column ? 'none' : this.order.descending ? 'descending' : 'ascending');
    this.show(this.rows, this.total);
  }

  private sorted(rows: readonly Row[]): readonly Row[] {
    const sortBy = this.order && this.props.columns[this.order.column]?.sortBy;
    if (this.order === undefined || sortBy === undefined) return rows;
    const way = this.order.descending ? -1 : 1;
    return rows
      .map((row) => ({ row, key: sortBy(row) }))
      .sort((one, other) => (one.key === other.key ? 0 : one.key < other.key ? -way : way))
      .map(({ row }) => row);
  }

  private turn(by: number): void {
    this.page = Math.max(0, Math.min(this.page + by, Math.ceil(this.rows.length / PAGE) - 1));
    this.draw();
  }

  private draw(whole = false): void {
    const { columns, noun, empty } = this.props;
    const from = whole ? 0 : this.page * PAGE;
    const shown = whole ? this.rows : this.rows.slice(from, from + PAGE);
    const row = (one: Row) =>
      element(
        'tr',
        {},
        columns.map(({ cell }) => element('td', {}, cell(one))),
      );
    const nothing = () => element('tr', {}, [element('td', { colspan: String(columns.length), class: 'empty' }, [empty])]);
    this.body.replaceChildren(...(shown.length === 0 ? [nothing()] : shown.map(row)));
    const [, many] = noun;
    const range = shown.length === 0 ? `No ${many}` : `${count(from + 1)}–${count(from + shown.length)} of ${count(this.rows.length)}`;
    const others = this.rows.length === this.total ? '' : ` (${count(this.total)} in all)`;
    this.said.textContent = shown.length === 0 ? `${range}${others}` : `${range} ${this.rows.length === 1 ? noun[0] : many}${others}`;
    // A button that has the focus keeps it at the last page: aria-disabled, where disabled would drop it.
    this.able(this.previous, from > 0);
    this.able(this.next, from + shown.length < this.rows.length);
  }

  private able(button: HTMLButtonElement, able: boolean): void {
    button.disabled = !able && document.activeElement !== button;
    button.setAttribute('aria-disabled', String(!able));
  }
}
