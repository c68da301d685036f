import { compilePattern } from '../../../local-aws/eventing/event-pattern';

const event = {
  source: 'aws.datazone',
  account: '111111111111',
  detail: { metadata: { id: 'a1', tags: ['x', 'y'] }, count: 3, none: null },
};

describe('an event pattern', () => {
  test.each<[string, unknown, boolean]>([
    ['matches one of the values', { source: ['aws.s3', 'aws.datazone'] }, true],
    ['matches no other value', { source: ['aws.s3'] }, false],
    ['matches every field, or not', { source: ['aws.datazone'], account: ['2'] }, false],
    ['looks inside', { detail: { metadata: { id: ['a1'] } } }, true],
    ['misses what is not there', { detail: { data: { id: ['a1'] } } }, false],
    ['tells numbers from text', { detail: { count: ['3'] } }, false],
    ['matches numbers and null', { detail: { count: [3], none: [null] } }, true],
    ['matches an element of a list', { detail: { metadata: { tags: ['y'] } } }, true],
    ['matches a prefix', { source: [{ prefix: 'aws.' }] }, true],
    ['matches anything but', { source: [{ 'anything-but': ['aws.s3'] }] }, true],
    ['does not match what is excepted', { source: [{ 'anything-but': 'aws.datazone' }] }, false],
    ['excepts a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
    ['wants the field it excepts values of', { region: [{ 'anything-but': 'x' }] }, false],
    ['knows what exists', { detail: { count: [{ exists: true }] } }, true],
    ['knows what does not', { region: [{ exists: false }] }, true],
  ])('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  test.each([
    { source: [{ suffix: 'x' }] },
    { source: [{ 'anything-but': { wildcard: '*' } }] },
    { source: 'aws.datazone' },
    { source: [] },
    {},
    { $or: [{ a: ['b'] }] },
  ])('that is not understood is refused: %j', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow();
  });
});
