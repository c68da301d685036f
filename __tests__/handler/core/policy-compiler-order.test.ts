import { coverBy } from '../../../handler/core/policy/policy-cover';
import { at, role } from './builders';

test.each(['principal', 'location'] as const)(
  'the blocks of a cover by %s are in the order of their locations, whatever their principals',
  (side) => {
    const accesses = [
      { principal: role('a'), location: at('z/') },
      { principal: role('z'), location: at('a/') },
    ];
    expect(coverBy(side, accesses).map(({ locations }) => locations.map(({ path }) => path))).toEqual([['a/'], ['z/']]);
  },
);
