import type { Access } from '../../../handler/core/grant/grant';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { jsonBytes } from '../../../handler/core/policy/policy-document';
import { accessKey } from '../../../handler/core/policy/policy-size';
import { at, NAMESPACE, role, sizeOf } from './builders';

const accesses = (...pairs: readonly string[]): readonly Access[] =>
  pairs.map((pair) => {
    const [name = '', path = ''] = pair.split(' ');
    return { principal: role(name), location: at(path) };
  });

/** What is compiled, with the comma after each statement. */
const compiledBytes = (given: readonly Access[]): number =>
  compileStatements(given, NAMESPACE).reduce((sum, statement) => sum + jsonBytes(statement) + 1, 0);

const everyPair = (given: readonly Access[]): readonly (readonly Access[])[] =>
  given.flatMap((one, index) => given.slice(index).map((other) => [one, other]));

test.each([
  { name: 'nothing', given: [] },
  { name: 'one access', given: accesses('a x/') },
  { name: 'a cover that is shorter by location', given: accesses('a x/', 'a y/', 'b x/', 'c y/') },
  {
    name: 'a cover that is shorter by principal',
    given: accesses('a s/', 'a t/', 'a u/', 'a v/', 'b s/', 'b t/', 'b w/', 'b v/'),
  },
  { name: 'a team', given: accesses('a x/', 'a y', 'b x/', 'b y', 'c x/', 'c y') },
  { name: 'a whole bucket beside places of it', given: accesses('a', 'b', 'a x/', 'c x/', 'c y') },
  { name: 'whole buckets alone', given: accesses('a', 'b') },
])('$name is sized as it is compiled, and so is what is left without any one or two of its accesses', ({ given }) => {
  const { bytes, bytesWithout } = sizeOf(given);
  expect(bytes).toBe(compiledBytes(given));
  for (const gone of everyPair(given)) {
    const keys = gone.map(accessKey);
    expect(bytesWithout(gone)).toBe(compiledBytes(given.filter((access) => !keys.includes(accessKey(access)))));
  }
  expect(bytesWithout(accesses('a nowhere/', 'nobody x/', 'nobody'))).toBe(bytes);
});
