import type { Conditions, Figures, Measurement } from '../../benchmarks/figures';
import { updateReport } from '../../benchmarks/report';

const conditions: Conditions = { at: '2026-01-15T09:30:00.000Z', node: 'v20.0.0', processors: 2, load: 1 };
const coldStart = (raw: number): Figures => ({
  'cold-start': { bundle: { raw, gzip: 1 }, contenders: [], ratios: { toRuntimeSdk: 0.6 } },
});
const update = (report: string, { figures, name }: { readonly figures: Figures; readonly name: Measurement }) =>
  updateReport(report, { figures, conditions: new Map([[name, conditions]]) });

test('a measurement replaces its own section and keeps the others', () => {
  const first = update('', { figures: coldStart(500_000), name: 'cold-start' });
  const second = update(first, { figures: { reconcile: [] }, name: 'reconcile' });
  const third = update(second, { figures: coldStart(600_000), name: 'cold-start' });
  expect(second).toContain('500,000 bytes');
  expect(third).not.toContain('500,000 bytes');
  expect(third.replace('600,000', '500,000')).toBe(second);
  expect([...third.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(['Cold start', 'Reconcile']);
});
