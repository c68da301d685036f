import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { accessChange, accessesIn, accessText } from '../../../handler/core/policy/statement-access';
import { accesses } from './arbitraries';
import { at, BUCKET, foreign, NAMESPACE, role } from './builders';
import { law } from './property';

const textsOf = (list: ReturnType<typeof accessesIn>) => [...new Set(list.map(accessText))].sort();

law('the accesses of our statements are those that they were compiled from', accesses(12), (given) => {
  expect(textsOf(accessesIn(compileStatements(given, NAMESPACE)))).toEqual(textsOf(given));
});

test.each([
  ['a folder', 'runs/'],
  ['a name', 'runs'],
  ['a bucket', ''],
])('%s is read from its resources', (_shape, path) => {
  const access = { principal: role('ann'), location: at(path) };
  expect(accessesIn(compileStatements([access], NAMESPACE))).toEqual([access]);
});

test('a name and the folder of the same name are both read from one statement', () => {
  const given = ['runs', 'runs/'].map((path) => ({ principal: role('ann'), location: at(path) }));
  expect(textsOf(accessesIn(compileStatements(given, NAMESPACE)))).toEqual(textsOf(given));
});

test('statements that read no objects of a bucket give no access', () => {
  const statements = [
    foreign('Writes'),
    foreign('Lists', { Action: 's3:ListBucket', Resource: `arn:aws:s3:::${BUCKET}` }),
    foreign('ReadsNoPath', { Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}` }),
    foreign('ReadsNoArn', { Action: ['s3:GetObject'], Resource: ['*', 7] }),
    foreign('NamesNobody', { Action: 's3:GetObject', Principal: { Service: 'a.amazonaws.com' }, Resource: `arn:aws:s3:::${BUCKET}/x/*` }),
  ];
  expect(accessesIn(statements)).toEqual([]);
});

test('a change is what was added and what was removed', () => {
  const [ann, bob, cid] = ['ann', 'bob', 'cid'].map((name) => ({ principal: role(name), location: at('runs/') }));
  if (ann === undefined || bob === undefined || cid === undefined) throw new Error('three accesses');
  expect(accessChange([ann, bob], [bob, cid])).toEqual({ added: [cid], removed: [ann] });
  expect(accessChange([ann], [{ ...ann, location: at('runs') }])).toMatchObject({ added: [{ location: at('runs') }], removed: [ann] });
});
