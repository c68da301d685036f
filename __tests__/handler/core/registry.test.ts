import { type Location, locationArn } from '../../../handler/core/grant/location';
import { publishable } from '../../../handler/core/subscription/registry';
import { at, BUCKET, bucket, registry } from './builders';

type Row = {
  name: string;
  prefixes: Readonly<Record<string, readonly string[]>>;
  published: string;
  by?: string;
  granted?: string;
  code?: string;
  says?: string;
};

const ours = ['p1'];
const theirs = ['p2'];
const granted: readonly Row[] = [
  { name: 'a registered folder', prefixes: { 'runs/': ours }, published: 'runs/', granted: 'runs/' },
  { name: 'a folder in a registered one', prefixes: { 'runs/': ours }, published: 'runs/2026/', granted: 'runs/2026/' },
  { name: 'a name in a registered folder, as a name', prefixes: { 'runs/': ours }, published: 'runs/2026', granted: 'runs/2026' },
  {
    name: 'a name whose registered prefix has the slash, as that folder',
    prefixes: { 'runs/': ours },
    published: 'runs',
    granted: 'runs/',
  },
  {
    name: 'a name whose registered prefix has the slash, beside other prefixes',
    prefixes: { 'other/': theirs, 'runs/': ours },
    published: 'runs',
    granted: 'runs/',
  },
  {
    name: 'a folder as itself, though one with two slashes is registered',
    prefixes: { 'runs/': ours, 'runs//': ours },
    published: 'runs/',
    granted: 'runs/',
  },
  { name: 'a registered name, as a name', prefixes: { 'file.csv': ours }, published: 'file.csv', granted: 'file.csv' },
  { name: 'the folder of a registered name', prefixes: { runs: ours }, published: 'runs/', granted: 'runs/' },
  { name: 'the whole bucket where it is registered whole', prefixes: { '': ours }, published: '', granted: '' },
  { name: 'a folder of a bucket registered whole', prefixes: { '': ours }, published: 'runs/', granted: 'runs/' },
  {
    name: 'the deepest prefix by its own project',
    prefixes: { '': theirs, 'runs/': theirs, 'runs/a/': ours },
    published: 'runs/a/',
    granted: 'runs/a/',
  },
  { name: 'a prefix that any project may publish', prefixes: { 'runs/': ['*'] }, published: 'runs/', granted: 'runs/' },
  {
    name: 'a location across another prefix of the same project',
    prefixes: { 'runs/': ours, 'runs/a/': ['p2', 'p1'] },
    published: 'runs/',
    granted: 'runs/',
  },
  {
    name: 'a location beside a prefix of another project',
    prefixes: { 'runs/': ours, 'runs/a/': theirs },
    published: 'runs/b/',
    granted: 'runs/b/',
  },
];

describe('a project may publish', () => {
  test.each(granted)('$name', ({ prefixes, published, granted: expected = '' }) => {
    expect(publishable(at(published), { owningProject: 'p1', registry: registry(bucket(prefixes)) })).toEqual(at(expected));
  });
});

const refused: readonly Row[] = [
  { name: 'outside every prefix', prefixes: { 'runs/': ours }, published: 'other/', code: 'prefix-not-registered', says: "('runs/')" },
  {
    name: 'beside a prefix that merely begins alike',
    prefixes: { 'runs/': ours },
    published: 'runs-secret/',
    code: 'prefix-not-registered',
    says: 'runs-secret/',
  },
  { name: 'above every prefix', prefixes: { 'runs/a/': ours }, published: 'runs/', code: 'prefix-not-registered', says: 'publish within' },
  {
    name: 'the whole bucket where only prefixes are registered',
    prefixes: { 'runs/': ours, 'other/': ours },
    published: '',
    code: 'prefix-not-registered',
    says: "'runs/', 'other/'",
  },
  { name: 'in a bucket without prefixes', prefixes: {}, published: 'runs/', code: 'prefix-not-registered', says: 'no registered prefix' },
  {
    name: "another project's prefix",
    prefixes: { 'runs/': theirs },
    published: 'runs/',
    code: 'project-may-not-publish',
    says: 'belongs to p2',
  },
  {
    name: 'a prefix of several other projects',
    prefixes: { 'runs/': ['p2', 'p3'] },
    published: 'runs/',
    code: 'project-may-not-publish',
    says: 'belongs to p2, p3;',
  },
  {
    name: "a deeper prefix of another project's, though the shallower is its own",
    prefixes: { '': ours, 'runs/': theirs },
    published: 'runs/a/',
    code: 'project-may-not-publish',
    says: "prefix 'runs/'",
  },
  {
    name: "above another project's prefix",
    prefixes: { 'runs/': ours, 'runs/a/': theirs },
    published: 'runs/',
    code: 'project-may-not-publish',
    says: "prefix 'runs/a/'",
  },
  {
    name: "the whole bucket above another project's prefix",
    prefixes: { '': ours, 'runs/': theirs },
    published: '',
    code: 'project-may-not-publish',
    says: "prefix 'runs/'",
  },
  {
    name: "a name whose folder is another project's",
    prefixes: { '': ours, 'runs/': theirs },
    published: 'runs',
    code: 'project-may-not-publish',
    says: "prefix 'runs/'",
  },
  {
    name: "a name above another project's prefix",
    prefixes: { '': ours, 'runs/a/': theirs },
    published: 'runs',
    code: 'project-may-not-publish',
    says: "prefix 'runs/a/'",
  },
  {
    name: 'a prefix without projects',
    prefixes: { 'runs/': [] },
    published: 'runs/',
    code: 'project-may-not-publish',
    says: "'p1' may not publish",
  },
];

describe('a project may not publish', () => {
  test.each(refused)('$name', ({ prefixes, published, code, says = '' }) => {
    const answer = publishable(at(published), { owningProject: 'p1', registry: registry(bucket(prefixes)) });
    expect(answer).toEqual({ kind: 'refused', code, message: expect.stringContaining(says) });
  });

  test('in a bucket that nobody registered', () => {
    const elsewhere: Location = { ...at('runs/'), bucket: 'elsewhere' };
    const answer = publishable(elsewhere, { owningProject: 'p1', registry: registry() });
    expect(answer).toMatchObject({
      code: 'bucket-not-registered',
      message: expect.stringContaining("'elsewhere' is not registered; add it"),
    });
  });

  test('in a bucket that is retiring, whoever it is', () => {
    const answer = publishable(at('runs/'), { owningProject: 'p1', registry: registry(bucket({ 'runs/': ours }, { state: 'retiring' })) });
    expect(answer).toMatchObject({ code: 'bucket-retiring', message: expect.stringContaining(`'${BUCKET}' is retiring`) });
  });

  test('a place, without being told its ARN as published', () => {
    const answer = publishable(at('other'), { owningProject: 'p1', registry: registry() });
    expect(answer).toHaveProperty('message', expect.stringContaining(locationArn(at('other'))));
  });
});
