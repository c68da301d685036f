import { accessMap } from '../../../src/cli/report/access-map';
import { reported } from './reported';

const grants = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    reported({
      subscription: `s${index}`,
      principal: `arn:aws:iam::${index % 2 === 0 ? '333333333333' : '444444444444'}:role/reader-${index}`,
      location: `arn:aws:s3:::acme-${index % 3}/p${index}/`,
      bucket: `acme-${index % 3}`,
      consumerProject: `consumer${index}`,
    }),
  );
const labels = (map: ReturnType<typeof accessMap>) => map.columns.map((nodes) => nodes.map(({ label }) => label));

describe('the access map', () => {
  it('shows who has access, by what their policies say, and no other', () => {
    const map = accessMap(
      [
        reported({ consumerProjectName: 'Lanes' }),
        reported({ subscription: 's2', location: 'arn:aws:s3:::acme-raw', state: 'revoking' }),
        reported({ subscription: 's3', principal: 'arn:aws:iam::333333333333:user/own', consumerProject: undefined, state: 'orphaned' }),
        ...['waiting', 'refused', 'revoked', 'expired'].map((state) => reported({ state, principal: `arn:aws:iam::1:role/${state}` })),
      ],
      { most: 10 },
    );
    expect(labels(map).map((column) => [...column].sort())).toEqual([
      ['consumer1', 'no project'],
      ['own', 'reader'],
      ['runs/', 'whole bucket'],
    ]);
    expect(map.links).toHaveLength(5);
    expect(map.links.find(({ from }) => from === 'project:consumer1')?.grants).toBe(2);
    expect(map).toMatchObject({ byAccount: false, byBucket: false, hidden: 0 });
  });

  it('draws principals by account and places by bucket where there are too many', () => {
    const map = accessMap(grants(12), { most: 4 });
    expect(map).toMatchObject({ byAccount: true, byBucket: true, hidden: 8 });
    expect(labels(map)[0]).toHaveLength(4);
    expect(labels(map)[2]).toEqual(['acme-0', 'acme-1', 'acme-2']);
    const shown = new Set(map.columns.flat().map(({ id }) => id));
    for (const { from, to } of map.links) expect([shown.has(from), shown.has(to)]).toEqual([true, true]);
  });

  it('of nobody is empty', () => expect(accessMap([], { most: 4 })).toMatchObject({ columns: [[], [], []], links: [] }));

  it('puts what is linked at the same height, so that lines do not cross', () => {
    expect(labels(accessMap(grants(3), { most: 10 }))).toEqual([
      ['consumer0', 'consumer1', 'consumer2'],
      ['reader-0', 'reader-1', 'reader-2'],
      ['p0/', 'p1/', 'p2/'],
    ]);
  });
});
