import { EVERYTHING, filterChoices, type GrantQuery, matching, searchable } from '../../../src/cli/report/grant-query';
import { reported } from './reported';

const GRANTS = [
  reported({ listing: 'Drive recordings', consumerProjectName: 'Lanes' }),
  reported({ subscription: 's2', state: 'waiting', code: 'no-subscription-target', principal: undefined, consumerProject: 'consumer2' }),
  reported({
    subscription: 's3',
    state: 'refused',
    bucket: 'acme-other',
    location: 'arn:aws:s3:::acme-other/x/',
    owningProject: 'producer2',
  }),
];
const found = (query: Partial<GrantQuery>) =>
  matching(GRANTS.map(searchable), { ...EVERYTHING, ...query }).map(({ subscription }) => subscription);

describe('the search in a report', () => {
  it.each([
    [{}, ['s1', 's2', 's3']],
    [{ search: '  DRIVE   lanes ' }, ['s1']],
    [{ search: 's3://acme-other/' }, ['s3']],
    [{ search: 'no-subscription' }, ['s2']],
    [{ search: 'undefined' }, []],
    [{ state: 'waiting' }, ['s2']],
    [{ bucket: 'acme-raw' }, ['s1', 's2']],
    [{ consumerProject: 'consumer2' }, ['s2']],
    [{ owningProject: 'producer2', state: 'granted' }, []],
    [{ owningProject: 'producer1', search: 'reader' }, ['s1']],
  ])('for %j', (query, ids) => expect(found(query)).toEqual(ids));

  it('offers what there is, with how many, by name', () => {
    expect(filterChoices(GRANTS)).toEqual({
      state: [
        { value: 'granted', label: 'granted', count: 1 },
        { value: 'refused', label: 'refused', count: 1 },
        { value: 'waiting', label: 'waiting', count: 1 },
      ],
      bucket: [
        { value: 'acme-other', label: 'acme-other', count: 1 },
        { value: 'acme-raw', label: 'acme-raw', count: 2 },
      ],
      consumerProject: [
        { value: 'consumer2', label: 'consumer2', count: 1 },
        { value: 'consumer1', label: 'Lanes', count: 2 },
      ],
      owningProject: [
        { value: 'producer1', label: 'producer1', count: 2 },
        { value: 'producer2', label: 'producer2', count: 1 },
      ],
    });
  });
});
