import { EVERYTHING, filterChoices, type GrantQuery, matching, searchable } from '../grant-query';
import { projectLabel, type ReportGrant, s3Url } from '../report-data';
import { badge, element, lines, time } from './element';
import { PagedTable } from './paged-table';

const FILTERS = [
  ['state', 'State'],
  ['bucket', 'Bucket'],
  ['consumerProject', 'Consumer project'],
  ['owningProject', 'Owning project'],
] as const;

const roleName = (arn: string | undefined): string => arn?.slice(arn.lastIndexOf('/') + 1) ?? '';
const owner = (grant: ReportGrant): string => projectLabel(grant.owningProject, grant.owningProjectName);
const endText = ({ final, endedBy, endReason }: ReportGrant): string | undefined =>
  endedBy === undefined ? (final === 'operator' ? 'ended by an operator' : undefined) : `ended by operator ${endedBy}: ${endReason}`;
const consumer = (grant: ReportGrant): string => projectLabel(grant.consumerProject, grant.consumerProjectName);

const table = () =>
  new PagedTable<ReportGrant>({
    id: 'grants',
    caption: 'Grants',
    noun: ['grant', 'grants'],
    empty: 'No grant matches. Clear the search and the filters to see all.',
    columns: [
      { title: 'State', cell: (grant) => lines(badge(grant.state), grant.code ?? endText(grant)), sortBy: ({ state }) => state },
      {
        title: 'Principal',
        cell: ({ principal }) => (principal === undefined ? ['–'] : lines(roleName(principal), principal)),
        sortBy: ({ principal }) => roleName(principal),
      },
      {
        title: 'Place',
        cell: ({ location, listing }) => lines(location === undefined ? '–' : s3Url(location), listing),
        sortBy: ({ location = '' }) => location,
      },
      { title: 'Consumer project', cell: (grant) => lines(consumer(grant), grant.consumerProject), sortBy: consumer },
      { title: 'Owning project', cell: (grant) => lines(owner(grant), grant.owningProject), sortBy: owner },
      { title: 'Since (UTC)', cell: ({ since }) => [time(since)], sortBy: ({ since }) => since },
      {
        title: 'Approved by',
        cell: ({ approvedBy = '–', requestedBy }) => lines(approvedBy, requestedBy && `asked by ${requestedBy}`),
        sortBy: ({ approvedBy = '' }) => approvedBy,
      },
      {
        title: 'Subscription',
        cell: ({ subscription }) => [element('code', {}, [subscription])],
        sortBy: ({ subscription }) => subscription,
      },
    ],
  });

/** The table of grants with what narrows it. */
export class GrantsSection {
  readonly view: HTMLElement;
  private readonly rows;
  private readonly table = table();
  private readonly search = element('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false' });
  private readonly selects;

  /** `onChange` is told which grants are left. */
  constructor(
    grants: readonly ReportGrant[],
    private readonly onChange: (grants: readonly ReportGrant[]) => void,
  ) {
    this.rows = grants.map(searchable);
    const choices = filterChoices(grants);
    this.selects = FILTERS.map(([key, title]) => ({
      key,
      title,
      select: element('select', { id: `filter-${key}` }, [
        element('option', { value: '' }, ['all']),
        ...choices[key].map(({ value, label, count }) => element('option', { value }, [`${label} (${count})`])),
      ]),
    }));
    const clear = element('button', { type: 'button', id: 'clear' }, ['Clear']);
    const field = (title: string, control: HTMLElement) =>
      element('div', { class: 'field' }, [element('label', { for: control.id }, [title]), control]);
    this.search.placeholder = 'role, project, place, listing, approver …';
    const form = element('form', { class: 'filters', role: 'search', 'aria-label': 'Narrow the grants' }, [
      field('Search', this.search),
      ...this.selects.map(({ title, select }) => field(title, select)),
      clear,
    ]);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', () => this.update());
    clear.addEventListener('click', () => {
      for (const { select } of this.selects) select.value = '';
      this.find('');
    });
    this.view = element('div', {}, [form, this.table.view]);
    this.update();
  }

  /** Searches for a text, as if it had been typed. */
  find(text: string): void {
    this.search.value = text;
    this.update();
    this.search.focus();
  }

  private update(): void {
    const query: GrantQuery = {
      ...EVERYTHING,
      search: this.search.value,
      ...Object.fromEntries(this.selects.map(({ key, select }) => [key, select.value])),
    };
    const left = matching(this.rows, query);
    this.table.show(left, this.rows.length);
    this.onChange(left);
  }
}
