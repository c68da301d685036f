import { isLiveGrant, POLICY_LIMIT, type ReportData } from '../report-data';
import { count, counted, element, time } from './element';
import { GrantsSection } from './grants-section';
import { MapView } from './map-view';
import { bucketsTable, changesTable, unsettledTable } from './tables';

const distinct = (values: readonly (string | undefined)[]): number => new Set(values.filter((value) => value !== undefined)).size;

const figures = ({ grants, buckets, changes }: ReportData): HTMLElement => {
  const live = grants.filter(isLiveGrant);
  const inState = (state: string) => grants.filter((grant) => grant.state === state).length;
  const fullest = Math.max(0, ...buckets.map(({ policyBytes }) => policyBytes));
  const told: readonly (readonly [title: string, value: string, href: string])[] = [
    ['live grants', count(live.length), '#grants-section'],
    ['principals with access', count(distinct(live.map(({ principal }) => principal))), '#map-section'],
    ['buckets', count(buckets.length), '#buckets-section'],
    ['fullest policy', `${Math.round((fullest / POLICY_LIMIT) * 100)} %`, '#buckets-section'],
    ['waiting', count(inState('waiting')), '#waiting-section'],
    ['refused', count(inState('refused')), '#refused-section'],
    ['changes in 30 days', count(changes.length), '#changes-section'],
  ];
  return element(
    'ul',
    { class: 'figures' },
    told.map(([title, value, href]) => element('li', {}, [element('a', { href }, [element('strong', {}, [value]), ` ${title}`])])),
  );
};

const section = (id: string, title: string, content: readonly HTMLElement[]): HTMLElement =>
  element('section', { id: `${id}-section`, 'aria-labelledby': `${id}-title` }, [
    element('h2', { id: `${id}-title`, tabindex: '-1' }, [title]),
    ...content,
  ]);

const draw = (data: ReportData): void => {
  const map = new MapView((search) => grants.find(search));
  const grants = new GrantsSection(data.grants, (left) => map.show(left));
  const made = element('p', { class: 'note' }, [
    'Made ',
    time(data.generatedAt),
    ` UTC from the ledger: ${counted(data.grants.length, 'grant')} in ${counted(data.buckets.length, 'bucket')}.`,
  ]);
  const incomplete = data.unreadable.map(({ message }) => element('p', { class: 'note' }, [`Left out: ${message}`]));
  document.body.append(
    element('a', { class: 'skip', href: '#grants-section' }, ['Skip to the grants']),
    element('header', {}, [element('h1', {}, ['S3 access: ', element('em', {}, [data.deployment])]), made, ...incomplete, figures(data)]),
    element('main', {}, [
      section('map', 'Access map', [map.view]),
      section('grants', 'Grants', [grants.view]),
      section('buckets', 'Capacity per bucket', [bucketsTable(data.buckets)]),
      section('waiting', 'Waiting', [unsettledTable(data.grants, 'waiting')]),
      section('refused', 'Refused', [unsettledTable(data.grants, 'refused')]),
      section('changes', `Changes since ${data.changesSince.slice(0, 10)}`, [changesTable(data.changes)]),
    ]),
  );
};

// The same version that reads this wrote it: it is of its own shape.
draw(JSON.parse(document.getElementById('report-data')?.textContent ?? ''));
