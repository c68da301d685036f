import * as fc from 'fast-check';
import { packed } from '../../modules/bucket-account/packing';
import { QUOTAS } from '../../modules/quotas';

const FRAME = { inline: 300, managed: 200 };
const lengths = fc.array(fc.integer({ min: 100, max: 2900 }), { maxLength: 200 });
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('Packs', () => {
  it('hold every statement once, in its order', () => {
    fc.assert(
      fc.property(lengths, (statements) => {
        const items = statements.map((_, index) => index);
        const { inline, managed } = packed(items, { lengths: statements, frame: FRAME });
        expect([...inline, ...managed.flat()]).toEqual(items);
      }),
    );
  });

  it('never hold more than their policy takes', () => {
    fc.assert(
      fc.property(lengths, (statements) => {
        const { inline, managed } = packed(statements, { lengths: statements, frame: FRAME });
        expect(FRAME.inline + sum(inline)).toBeLessThanOrEqual(QUOTAS.rolePolicies.limit);
        for (const policy of managed) expect(FRAME.managed + sum(policy)).toBeLessThanOrEqual(QUOTAS.managedPolicy.limit);
      }),
    );
  });

  it('need no managed policy for what the inline one takes', () => {
    expect(packed(['one', 'two'], { lengths: [240, 240], frame: FRAME })).toEqual({ inline: ['one', 'two'], managed: [] });
    expect(packed([], { lengths: [], frame: FRAME })).toEqual({ inline: [], managed: [] });
  });
});
