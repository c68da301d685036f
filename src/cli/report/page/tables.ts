import { POLICY_LIMIT, projectLabel, type ReportBucket, type ReportChange, type ReportGrant, s3Url } from '../report-data';
import { badge, count, drawing, element, lines, time } from './element';
import { PagedTable } from './paged-table';

const percent = (bytes: number): number => Math.round((bytes / POLICY_LIMIT) * 100);

const capacity = ({ policyBytes }: ReportBucket): readonly Node[] => {
  const full = percent(policyBytes);
  const level = full >= 90 ? 'high' : full >= 70 ? 'middle' : 'low';
  const bar = drawing('svg', { class: `bar ${level}`, viewBox: '0 0 200 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, [
    drawing('rect', { class: 'whole', width: '200', height: '10', rx: '3' }),
    drawing('rect', { class: 'part', width: String(Math.min(200, full * 2)), height: '10', rx: '3' }),
  ]);
  return [bar, element('div', { class: 'second' }, [`${count(policyBytes)} of ${count(POLICY_LIMIT)} bytes, ${full} %`])];
};

/** How full each bucket's policy is. */
export const bucketsTable = (buckets: readonly ReportBucket[]): HTMLElement => {
  const table = new PagedTable<ReportBucket>({
    id: 'buckets',
    caption: 'Capacity per bucket',
    noun: ['bucket', 'buckets'],
    empty: 'No bucket is registered.',
    columns: [
      {
        title: 'Bucket',
        cell: ({ name, prefixes }) => lines(name, prefixes.map((prefix) => prefix || 'whole bucket').join(', ')),
        sortBy: ({ name }) => name,
      },
      { title: 'Account', cell: ({ account = '–', region }) => lines(account, region), sortBy: ({ account = '' }) => account },
      { title: 'Policy', cell: capacity, sortBy: ({ policyBytes }) => policyBytes },
      {
        title: 'State',
        cell: ({ state, frozen, contended }) =>
          [state, ...(frozen ? ['frozen'] : []), ...(contended ? ['contended'] : [])].flatMap((one) => [badge(one), ' ']),
        sortBy: ({ state, frozen, contended }) => `${contended ? 0 : 1}${frozen ? 0 : 1}${state}`,
      },
    ],
  });
  table.show([...buckets].sort((one, other) => other.policyBytes - one.policyBytes));
  return table.view;
};

/** Grants that wait, or were refused, each with the sentence that says what to do. */
export const unsettledTable = (grants: readonly ReportGrant[], state: 'waiting' | 'refused'): HTMLElement => {
  const table = new PagedTable<ReportGrant>({
    id: state,
    caption: state === 'waiting' ? 'Waiting' : 'Refused',
    noun: ['grant', 'grants'],
    empty: state === 'waiting' ? 'Nothing waits.' : 'Nothing was refused.',
    columns: [
      { title: 'Code', cell: ({ code = state }) => [element('code', {}, [code])], sortBy: ({ code = '' }) => code },
      { title: 'Why, and what to do', cell: ({ sentence = '–' }) => [sentence], sortBy: ({ sentence = '' }) => sentence },
      {
        title: 'Who and what',
        cell: (grant) =>
          lines(
            [projectLabel(grant.consumerProject, grant.consumerProjectName), grant.principal].filter(Boolean).join(', ') || '–',
            [grant.location && s3Url(grant.location), grant.listing].filter(Boolean).join(', '),
          ),
      },
      { title: 'Since (UTC)', cell: ({ since }) => [time(since)], sortBy: ({ since }) => since },
      {
        title: 'Subscription',
        cell: ({ subscription }) => [element('code', {}, [subscription])],
        sortBy: ({ subscription }) => subscription,
      },
    ],
  });
  table.show(grants.filter((grant) => grant.state === state));
  return table.view;
};

/** What was changed, with who was let in, shut out, or still gets in by something else. */
export const changesTable = (changes: readonly ReportChange[]): HTMLElement => {
  const list = (kind: string, sign: string, texts: readonly string[]) =>
    texts.map((text) => element('div', { class: kind }, [`${sign} ${text}`]));
  const table = new PagedTable<ReportChange>({
    id: 'changes',
    caption: 'Changes of bucket policies',
    noun: ['change', 'changes'],
    empty: 'No policy was changed.',
    columns: [
      { title: 'When (UTC)', cell: ({ at }) => [time(at)], sortBy: ({ at }) => at },
      { title: 'Bucket', cell: ({ bucket, version }) => lines(bucket, `version ${version}`), sortBy: ({ bucket }) => bucket },
      {
        title: 'Change',
        cell: ({ added, removed, residualAccess }) => {
          const told = [
            ...list('removed', '−', removed),
            ...list('added', '+', added),
            ...list('residual', '! still gets in:', residualAccess),
          ];
          return told.length === 0 ? ['The same people, in other statements'] : told;
        },
      },
      {
        title: 'Statements',
        cell: ({ statementsBefore, statementsAfter }) => [`${count(statementsBefore)} → ${count(statementsAfter)}`],
        sortBy: ({ statementsAfter }) => statementsAfter,
      },
      {
        title: 'For',
        cell: ({ subscriptions }) => [subscriptions.join(', ') || '–'],
      },
      { title: 'Cause', cell: ({ causes }) => causes.map((cause) => element('div', {}, [cause])) },
      { title: 'CloudTrail session', cell: ({ session }) => [element('code', {}, [session])] },
    ],
  });
  table.show(changes);
  return table.view;
};
