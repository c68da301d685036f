import type { Access } from '../../../handler/core/grant/grant';
import { locationOf } from '../../../handler/core/grant/location';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { awsPrincipals } from '../../../handler/core/policy/policy-equality';
import { at, BUCKET, NAMESPACE, role } from './builders';

/** `a runs/` lets role `a` into `runs/`; `a` alone lets it into the bucket. */
const accesses = (...pairs: readonly string[]): readonly Access[] =>
  pairs.map((pair) => {
    const [name = '', path = ''] = pair.split(' ');
    return { principal: role(name), location: at(path) };
  });

/** A pair of statements; `lists: 'everything'` has no condition. */
type Block = { readonly who: string; readonly reads: string; readonly lists: string };

const values = (value: unknown): readonly unknown[] => [value].flat();
const inBucket = (resource: unknown) => String(resource).replace(`arn:aws:s3:::${BUCKET}/`, '');
const roleNames = (statement: Statement) =>
  awsPrincipals(statement)
    .map((arn) => arn.replace(role(''), ''))
    .join(' ');

const blocksOf = (statements: readonly Statement[]): readonly Block[] =>
  Array.from({ length: statements.length / 2 }, (_, index) => {
    const [read = {}, list = {}] = statements.slice(2 * index);
    const who = roleNames(read);
    expect(read).toMatchObject({ Effect: 'Allow', Action: 's3:GetObject', Sid: expect.stringMatching(/^DZS3F1[0-9a-z]{6}R[0-9a-z]{7}$/) });
    expect(list).toMatchObject({
      Effect: 'Allow',
      Principal: read['Principal'],
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${BUCKET}`,
    });
    const isWhole = !('Condition' in list);
    expect(list['Sid']).toEqual(expect.stringMatching(isWhole ? /^DZS3F1[0-9a-z]{6}A[0-9a-z]{7}$/ : /^DZS3F1[0-9a-z]{6}L[0-9a-z]{7}$/));
    return { who, reads: values(read['Resource']).map(inBucket).join(' '), lists: isWhole ? 'everything' : prefixesOf(list) };
  });

const prefixesOf = ({ Condition: condition }: Statement): string => {
  const [, inner = ''] = /^\{"StringLike":\{"s3:prefix":(.*)\}\}$/.exec(JSON.stringify(condition)) ?? [];
  return values(JSON.parse(inner)).join(' ');
};

type Row = { name: string; accesses: readonly Access[]; blocks: readonly Block[] };
const rows: readonly Row[] = [
  { name: 'nothing of nothing', accesses: [], blocks: [] },
  { name: 'a folder', accesses: accesses('a runs/'), blocks: [{ who: 'a', reads: 'runs/*', lists: 'runs/*' }] },
  { name: 'a name, read itself and below', accesses: accesses('a runs'), blocks: [{ who: 'a', reads: 'runs runs/*', lists: 'runs/*' }] },
  { name: 'a whole bucket, listed without a condition', accesses: accesses('a'), blocks: [{ who: 'a', reads: '*', lists: 'everything' }] },
  {
    name: 'overlapping subscriptions once',
    accesses: accesses('a runs/', 'a runs/'),
    blocks: [{ who: 'a', reads: 'runs/*', lists: 'runs/*' }],
  },
  {
    name: 'principals of one location in one pair',
    accesses: accesses('b runs/', 'a runs/', 'c runs/'),
    blocks: [{ who: 'a b c', reads: 'runs/*', lists: 'runs/*' }],
  },
  {
    name: 'locations of one principal in one pair',
    accesses: accesses('a y/', 'a x', 'a z/'),
    blocks: [{ who: 'a', reads: 'x x/* y/* z/*', lists: 'x/* y/* z/*' }],
  },
  {
    name: 'a team and its places in one pair',
    accesses: accesses('a x/', 'a y/', 'b x/', 'b y/'),
    blocks: [{ who: 'a b', reads: 'x/* y/*', lists: 'x/* y/*' }],
  },
  {
    name: 'principals with unlike places apart',
    accesses: accesses('a x/', 'b y/'),
    blocks: [
      { who: 'a', reads: 'x/*', lists: 'x/*' },
      { who: 'b', reads: 'y/*', lists: 'y/*' },
    ],
  },
  {
    name: 'by location where that is shorter',
    accesses: accesses('a x/', 'a y/', 'b x/', 'c y/'),
    blocks: [
      { who: 'a b', reads: 'x/*', lists: 'x/*' },
      { who: 'a c', reads: 'y/*', lists: 'y/*' },
    ],
  },
  {
    name: 'by location where both are equally long',
    accesses: accesses('a nineteen-characters/', 'a y/', 'b nineteen-characters/'),
    blocks: [
      { who: 'a b', reads: 'nineteen-characters/*', lists: 'nineteen-characters/*' },
      { who: 'a', reads: 'y/*', lists: 'y/*' },
    ],
  },
  {
    name: 'by principal where that is shorter',
    accesses: accesses('a s/', 'a t/', 'a u/', 'a v/', 'b s/', 'b t/', 'b w/', 'b v/'),
    blocks: [
      { who: 'a', reads: 's/* t/* u/* v/*', lists: 's/* t/* u/* v/*' },
      { who: 'b', reads: 's/* t/* v/* w/*', lists: 's/* t/* v/* w/*' },
    ],
  },
  {
    name: 'a whole bucket never merged with conditioned lists',
    accesses: accesses('a', 'b', 'a x/', 'b x/'),
    blocks: [
      { who: 'a b', reads: '*', lists: 'everything' },
      { who: 'a b', reads: 'x/*', lists: 'x/*' },
    ],
  },
  {
    name: 'neighbouring folders apart from each other',
    accesses: accesses('a public/', 'b public-secret/'),
    blocks: [
      { who: 'b', reads: 'public-secret/*', lists: 'public-secret/*' },
      { who: 'a', reads: 'public/*', lists: 'public/*' },
    ],
  },
];

describe('accesses are compiled to', () => {
  test.each(rows)('$name', ({ accesses: given, blocks }) => {
    expect(blocksOf(compileStatements(given, NAMESPACE))).toEqual(blocks);
  });

  test('statements of the partition that they lie in', () => {
    const location = locationOf({ partition: 'aws-cn', bucket: BUCKET, path: 'runs/' });
    const [read, list] = compileStatements([{ principal: 'arn:aws-cn:iam::333333333333:role/a', location }], NAMESPACE);
    expect(read).toMatchObject({ Resource: `arn:aws-cn:s3:::${BUCKET}/runs/*` });
    expect(list).toMatchObject({ Resource: `arn:aws-cn:s3:::${BUCKET}` });
  });

  test('Sids that differ even where the keys of two groups read alike', () => {
    const alike = `x/|${BUCKET}/y/`;
    const statements = compileStatements(accesses('a x/', 'a y/', 'c x/', 'c y/', `b ${alike}`), NAMESPACE);
    expect(new Set(statements.map((statement) => statement['Sid'])).size).toBe(4);
  });
});

describe('a compiled policy is stable:', () => {
  const before = compileStatements(accesses('a x/', 'b x/', 'c y/', 'd'), NAMESPACE).map((statement) => JSON.stringify(statement));

  test.each([
    { name: 'another place of another role adds one pair', added: accesses('e z/'), kept: 6, of: 8 },
    { name: 'another role of a place changes that pair alone', added: accesses('e y/'), kept: 4, of: 6 },
    { name: 'another reader of the whole bucket changes that pair alone', added: accesses('e'), kept: 4, of: 6 },
  ])('$name', ({ added, kept, of }) => {
    const after = compileStatements([...accesses('a x/', 'b x/', 'c y/', 'd'), ...added], NAMESPACE).map((statement) =>
      JSON.stringify(statement),
    );
    expect(after).toHaveLength(of);
    expect(before.filter((text) => after.includes(text))).toHaveLength(kept);
  });
});
