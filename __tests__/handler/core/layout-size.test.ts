import type { Access } from '../../../handler/core/grant/grant';
import { layoutSizes } from '../../../handler/core/policy/layout-size';
import { at, NAMESPACE, role, sizeOf } from './builders';

const accesses = (...pairs: readonly string[]): readonly Access[] =>
  pairs.map((pair) => {
    const [name = '', path = ''] = pair.split(' ');
    return { principal: role(name), location: at(path) };
  });

const shortest = (given: readonly Access[]): number => Math.min(...layoutSizes(given, NAMESPACE).map(({ bytes }) => bytes));
const shortestWithout = (given: readonly Access[], leaving: readonly Access[]): number =>
  Math.min(...layoutSizes(given, NAMESPACE).map(({ bytesWithout }) => bytesWithout(leaving)));

const square = accesses('a x/', 'a y/', 'b x/', 'b y/');

test.each([
  { name: 'nothing', given: [] },
  { name: 'one access', given: accesses('a x/') },
  { name: 'a shorter layout by location', given: accesses('a x/', 'a y/', 'b x/', 'c y/') },
  { name: 'a shorter layout by principal', given: accesses('a s/', 'a t/', 'a u/', 'a v/', 'b s/', 'b t/', 'b w/', 'b v/') },
  { name: 'a team', given: accesses('a x/', 'a y', 'b x/', 'b y', 'c x/', 'c y') },
  { name: 'the whole bucket and prefixes of it', given: accesses('a', 'b', 'a x/', 'c x/', 'c y') },
  { name: 'the whole bucket alone', given: accesses('a', 'b') },
  { name: 'escapes and characters of several bytes', given: accesses('a é"x"/', 'b é"x"/') },
])('the size of $name is that of the compiled statements', ({ given }) => {
  expect(shortest(given)).toBe(sizeOf(given).bytes);
});

test.each([
  { name: 'one access of a square', given: square, leaving: square.slice(0, 1), slack: 12 },
  {
    name: 'one access of a team of names',
    given: accesses('a x', 'a y', 'a z', 'b x', 'b y', 'b z', 'c x', 'c y', 'c z'),
    leaving: accesses('c z'),
    slack: 5,
  },
  {
    name: 'one location of some members of a team',
    given: accesses('a x/', 'a y/', 'b x/', 'b y/', 'c x/', 'c y/', 'd x/', 'd y/'),
    leaving: accesses('a x/', 'b x/'),
    slack: 9,
  },
])('a split is paid with few bytes to spare: $name', ({ given, leaving, slack }) => {
  const bound = shortestWithout(given, leaving);
  const { bytes, bytesWithout } = sizeOf(given);
  expect(bytesWithout(leaving)).toBeGreaterThan(bytes);
  expect(bound).toBeGreaterThanOrEqual(bytesWithout(leaving));
  expect(bound - bytesWithout(leaving)).toBeLessThanOrEqual(slack);
});

test.each([
  { name: 'a row with all of its columns', given: accesses('a x/', 'b x/', 'c y/'), leaving: accesses('a x/') },
  { name: 'a whole block', given: accesses('a x/', 'b y/'), leaving: accesses('a x/') },
  { name: 'the same column of all rows', given: square, leaving: accesses('a x/', 'b x/') },
  { name: 'all columns of some rows', given: square, leaving: accesses('a x/', 'a y/') },
  { name: 'access to the whole bucket', given: [...square, ...accesses('a', 'b')], leaving: accesses('a') },
  { name: 'nothing', given: square, leaving: [] },
])('nothing is paid where no block is split: $name', ({ given, leaving }) => {
  for (const { bytes, bytesWithout } of layoutSizes(given, NAMESPACE)) expect(bytesWithout(leaving)).toBe(bytes);
});

test('rows of one block that lose different columns are paid for one by one', () => {
  const given = accesses('a x/', 'a y/', 'a z/', 'b x/', 'b y/', 'b z/', 'c x/', 'c y/', 'c z/');
  const [one, both] = [accesses('a x/'), accesses('a x/', 'b y/')];
  for (const { bytes, bytesWithout } of layoutSizes(given, NAMESPACE))
    expect(bytesWithout(both) - bytes).toBe(2 * (bytesWithout(one) - bytes));
  expect(shortestWithout(given, both)).toBeGreaterThanOrEqual(sizeOf(given).bytesWithout(both));
});
