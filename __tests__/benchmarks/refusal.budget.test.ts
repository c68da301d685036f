import { looksOf } from '../../benchmarks/compile/crowd';

test('10,000 grants on one bucket are refused in work that grows no worse than n log n', () => {
  const per = (count: number) => looksOf(count) / (count * Math.log2(count));
  expect(looksOf(1_000)).toBeGreaterThanOrEqual(1_000);
  expect(per(10_000) / per(1_000)).toBeLessThanOrEqual(1.1);
});
